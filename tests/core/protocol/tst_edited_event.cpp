// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/editing.h"
#include "protocol/edited_event.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::protocol;
using namespace luthien::test;

class TestEditedEvent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oddFormsLeaveInPlainForm_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("leaves");
        const auto row = [](const char* name, const QByteArray& bytes, const QByteArray& leaves) {
            QTest::newRow(name) << bytes << leaves;
        };
        const auto same = [&](const char* name, const QByteArray& bytes) { row(name, bytes, bytes); };
        same("data alone", "data: {}\n\n");
        same("data without a blank", "data:{}\n\n");
        same("a type and data", "event: x\ndata: {}\n\n");
        same("data and a type", "data: {}\nevent: x\n\n");
        same("CR LF", "event: x\r\ndata: {}\r\n\r\n");
        same("a line end left over from the event before", "\ndata: {}\n\n");
        same("blanks around the JSON", "data:  {}  \n\n");
        same("a comment", ": keepalive\n\n");
        same("two comments", ":\n: x\n\n");
        same("no data in a data line", "data:\n\n");
        const QByteArray plain = "data: {}\n\n";
        row("CR alone", "data: {}\r\r", plain);
        row("a comment before the data", ": x\ndata: {}\n\n", plain);
        row("an id", "id: 7\ndata: {}\n\n", plain);
        row("a retry", "retry: 1\ndata: {}\n\n", plain);
        row("an unknown field", "x: y\ndata: {}\n\n", plain);
        row("two types", "event: y\nevent: x\ndata: {}\n\n", "event: x\ndata: {}\n\n");
        row("two data lines", "data: {\"a\":\ndata: 1}\n\n", "data: {\"a\": 1}\n\n");
        row("a byte order mark", "\xEF\xBB\xBF" + plain, plain);
        row("NUL in a comment", QByteArray(": \0\ndata: {}\n\n", 14), plain);
        row("a type without data", "event: x\n\n", "");
        row("a comment with CR alone", ": x\rdata: {}\n: \n\n", plain);
        row("an id without data", "id: 7\n\n", "");
        row("NUL in a comment without data", QByteArray(": \0\n\n", 5), "");
    }
    void oddFormsLeaveInPlainForm()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, leaves);
        SseParser parser;
        const std::string wire = bytes.toStdString();
        auto step = parser.parse(wire);
        if (wire.ends_with('\r')) // half of a CR LF, for all it knows
            step = parser.finish();
        QCOMPARE(int(step.state), int(SseParser::State::Event));
        Collected out;
        EditedEvent::received({step.event.type, step.event.data, wire, step.event.hasData}).write(out);
        QCOMPARE(QByteArray::fromStdString(out.bytes), leaves);
        QCOMPARE(out.kept, bytes == leaves ? wire.size() : 0);
        QCOMPARE(out.lost, bytes == leaves ? 0 : wire.size());
    }

    void oneMemberChangesAlone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("changed");
        QTest::newRow("among others") << QByteArray(R"({"x":1.50,"a":{"y":[1],"b": 12 ,"z":"\u0041"} } )")
                                      << QByteArray(R"({"x":1.50,"a":{"y":[1],"b": 7 ,"z":"\u0041"} } )");
        QTest::newRow("of another type") << QByteArray(R"({"a":{"b":"text"}})") << QByteArray(R"({"a":{"b":7}})");
        QTest::newRow("escaped name: refused by the caller") << QByteArray(R"({"\u0061":{"b":null}})") << QByteArray();
        QTest::newRow("not there") << QByteArray(R"({"a":{"c":1}})") << QByteArray();
        QTest::newRow("no object on the way") << QByteArray(R"({"a":3})") << QByteArray();
    }
    void oneMemberChangesAlone()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, changed);
        const auto result = withMember(text.toStdString(), {"a", "b"}, "7");
        QCOMPARE(result.has_value(), !changed.isEmpty());
        QCOMPARE(QByteArray::fromStdString(result.value_or("")), changed);
    }

    void whatIsDroppedIsCounted()
    {
        const std::string wire = "data: {}\n\n";
        EditedEvent event = EditedEvent::received({.type = {}, .data = "{}", .bytes = wire});
        event.drop();
        Collected out;
        event.write(out);
        QCOMPARE(out.lost, wire.size());
        QVERIFY(out.bytes.empty());
        EditedEvent::made("x", "{}").write(out);
        QCOMPARE(out.bytes, std::string("event: x\ndata: {}\n\n"));
        QCOMPARE(out.lost, wire.size());
    }
};

LUTHIEN_TEST(tst_edited_event, TestEditedEvent)
#include "tst_edited_event.moc"
