// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "support/test_registry.h"

#include <QDir>
#include <QFile>

#include <boost/json/serialize.hpp>

using namespace luthien;

namespace {

QByteArray nested(int depth)
{
    return QByteArray(depth, '[') + QByteArray(depth, ']');
}

QByteArray manyMembers(int count, const QByteArray& last)
{
    QByteArray text = "{";
    for (int i = 0; i < count; ++i)
        text += "\"m" + QByteArray::number(i) + "\":" + QByteArray::number(i) + ',';
    return text + last + '}';
}

} // namespace

class TestStrictJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatReadersDisagreeAbout_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QByteArray& text, const QString& message) {
            QTest::newRow(name) << text << message;
        };
        const QString twice = QStringLiteral("a member occurs twice");
        row("a member twice", R"({"command":"ls","command":"rm"})", twice);
        row("a member twice, once escaped", R"({"command":"ls","\u0063ommand":"rm"})", twice);
        row("a member twice, equal values", R"({"a":1,"a":1})", twice);
        row("a member twice in a nested object", R"([{"a":{"b":{"c":1,"d":[],"c":2}}}])", twice);
        row("a container in a taken place", R"({"a":{},"a":{}})", twice);
        row("the empty name twice", R"({"":1,"":2})", twice);
        row("a name with NUL twice", R"({"\u0000a":1,"\u0000a":2})", twice);
        row("a member twice among many", manyMembers(400, R"("m7":true)"), twice);
        row("bytes after the value", R"({"a":1} {)", QStringLiteral("extra data"));
        row("a second value", "1 2", QStringLiteral("extra data"));
        row("NUL after the value", QByteArray("{}\0", 3), QStringLiteral("extra data"));
        row("a lone leading surrogate", R"(["\ud83d"])", QString());
        row("a lone trailing surrogate", R"(["\ude00"])", QString());
        row("surrogates in the wrong order", R"(["\ude00\ud83d"])", QString());
        row("a lone surrogate in a name", R"({"\ud83d":1})", QString());
        row("a surrogate as UTF-8", "[\"\xED\xA0\xBD\"]", QString());
        row("an overlong encoding", "[\"\xC0\xAF\"]", QString());
        row("a cut UTF-8 sequence", "[\"\xF0\x9F\x98\"]", QString());
        row("a byte of Latin-1", "[\"\xE9\"]", QString());
        row("a byte order mark", "\xEF\xBB\xBF{}", QString());
        row("a line break in a string", "[\"a\nb\"]", QString());
        row("129 levels", nested(129), QString());
        row("nothing", "", QString());
        row("blanks", " \r\n", QString());
        row("half a value", R"({"a":)", QString());
        row("a comment", "{}/* */", QString());
        row("a trailing comma", "[1,]", QString());
        row("not a number", "[NaN]", QString());
        row("a leading zero", "[01]", QString());
    }
    void refusesWhatReadersDisagreeAbout()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const auto value = parseStrictJson(text.toStdString());
        QVERIFY(!value);
        QCOMPARE(int(value.error().code), int(ErrorCode::InvalidInput));
        QVERIFY2(QString::fromStdString(value.error().message).contains(message), value.error().message.c_str());
    }

    void readsTheRest_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("again");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& again) {
            QTest::newRow(name) << text << again;
        };
        row("every type", R"({"a":[1,-2,18446744073709551615,true,null,"x",{}]})",
            R"({"a":[1,-2,18446744073709551615,true,null,"x",{}]})");
        row("a bare string", R"("a")", R"("a")");
        row("blanks around it", " \r\n{ \"a\" : [ ] }\t\n", R"({"a":[]})");
        row("the same name in different objects", R"([{"a":1},{"a":{"a":2}}])", R"([{"a":1},{"a":{"a":2}}])");
        row("names that differ in case", R"({"a":1,"A":2})", R"({"a":1,"A":2})");
        row("a pair of surrogates", R"(["\ud83d\ude00"])", "[\"\xF0\x9F\x98\x80\"]");
        row("escapes in names and text", R"({"\u00e9\n":"\/\u0041"})", "{\"\xC3\xA9\\n\":\"/A\"}");
        row("128 levels", nested(128), nested(128));
    }
    void readsTheRest()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, again);
        const auto value = parseStrictJson(text.toStdString());
        QVERIFY2(value, value ? "" : value.error().toString().c_str());
        QCOMPARE(QByteArray::fromStdString(boost::json::serialize(*value)), again);
    }

    void namesThePlace()
    {
        const auto value = parseStrictJson(R"({"a":1,"a":2})");
        QVERIFY(!value);
        QCOMPARE(QString::fromStdString(value.error().context), QStringLiteral("byte 12"));
    }

    void depthIsTheCallersChoice()
    {
        QVERIFY(parseStrictJson("[[[]]]", 3));
        QVERIFY(!parseStrictJson("[[[]]]", 2));
    }

    // y_: must be read, n_: must be refused. The grammar allows duplicate members; we do not.
    void agreesWithThePublishedSuite()
    {
        const QDir suite(QString::fromUtf8(qgetenv("LUTHIEN_SOURCE_DIR")) +
                         QStringLiteral("/tests/data/json-test-suite"));
        const QStringList duplicates{QStringLiteral("y_object_duplicated_key.json"),
                                     QStringLiteral("y_object_duplicated_key_and_value.json")};
        int judged = 0;
        for (const QString& name : suite.entryList({QStringLiteral("[yn]_*.json")}, QDir::Files)) {
            QFile file(suite.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray text = file.readAll();
            const bool accepted = name.startsWith(QLatin1Char('y')) && !duplicates.contains(name);
            QVERIFY2(parseStrictJson(text.toStdString()).hasValue() == accepted, qPrintable(name));
            ++judged;
        }
        QVERIFY(judged > 250);
    }
};

LUTHIEN_TEST(tst_strict_json, TestStrictJson)
#include "tst_strict_json.moc"
