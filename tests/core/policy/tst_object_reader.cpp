// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/object_reader.h"
#include "support/test_registry.h"

#include <array>

using namespace luthien;
using namespace luthien::policy;

namespace {

constexpr std::array<std::string_view, 2> kColours{"red", "blue"};

/// Reads every kind of member; what was wrong, as "place: message".
QByteArray read(const QByteArray& json)
{
    const auto parsed = parseStrictJson(json.toStdString());
    ObjectReader reader(parsed->get_object(), "rules[2]");
    (void)reader.text("text");
    (void)reader.choice("colour", kColours);
    (void)reader.texts("texts");
    (void)reader.objects("objects");
    (void)reader.object("object");
    const Result<void> result = reader.finish();
    return result ? QByteArray() : QByteArray::fromStdString(result.error().toString());
}

class TestObjectReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesWhatIsThere()
    {
        const auto parsed = parseStrictJson(
            R"({"text":"a","colour":"blue","texts":["b","c"],"objects":[{},{"x":1}],"object":{"y":2}})");
        ObjectReader reader(parsed->get_object());
        QVERIFY(reader.text("text") == "a");
        QVERIFY(reader.requiredText("text") == "a");
        QVERIFY(reader.choice("colour", kColours) == 1U);
        QVERIFY((reader.texts("texts") == std::vector<std::string>{"b", "c"}));
        QCOMPARE(reader.objects("objects").size(), std::size_t(2));
        QVERIFY(reader.object("object")->contains("y"));
        QVERIFY(!reader.text("absent") && !reader.choice("absent", kColours) && !reader.texts("absent"));
        QVERIFY(reader.objects("absent").empty() && !reader.object("absent"));
        QVERIFY(reader.finish().hasValue());
    }

    void saysWhereAndWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* name, const QByteArray& json, const char* error) {
            QTest::newRow(name) << json << QByteArray(error);
        };
        row("nothing", "{}", "");
        row("a number for a text", R"({"text":1})", "rules[2].text: This must be a text.");
        row("a very long text", "{\"text\":\"" + QByteArray(5000, 'x') + "\"}",
            "rules[2].text: This text is longer than 4096 bytes.");
        row("no such choice", R"({"colour":"green"})", "rules[2].colour: This must be red or blue.");
        row("a text for texts", R"({"texts":"x"})", "rules[2].texts: This must be a list of at most 1000 texts.");
        row("an empty one among texts", R"({"texts":["x",""]})",
            "rules[2].texts[1]: This must be a text of 1 to 4096 bytes.");
        row("too many objects", "{\"objects\":[" + QByteArray("{},").repeated(1000) + "{}]}",
            "rules[2].objects: This must be a list of at most 1000 objects.");
        row("a text among objects", R"({"objects":[{},"x"]})", "rules[2].objects[1]: This must be an object.");
        row("a list for an object", R"({"object":[]})", "rules[2].object: This must be an object.");
        row("a member nobody knows", R"({"txet":"x"})",
            "rules[2].txet: There is no such member; it may be text, colour, texts, objects or object.");
        row("two things: the first one read", R"({"colour":1,"text":1})", "rules[2].text: This must be a text.");
    }
    void saysWhereAndWhatIsWrong()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, error);
        QCOMPARE(read(json), error);
    }

    void saysThatThereIsNothingToSet()
    {
        const auto parsed = parseStrictJson(R"({"x":1})");
        const auto finished = ObjectReader(parsed->get_object()).finish();
        QCOMPARE(QByteArray(finished.error().toString().c_str()),
                 QByteArray("x: There is no such member; this has no settings."));
    }

    void missesWhatIsRequired()
    {
        for (const char* json : {"{}", R"({"id":""})"}) {
            const auto parsed = parseStrictJson(json);
            ObjectReader reader(parsed->get_object());
            QVERIFY(reader.requiredText("id").empty());
            QCOMPARE(reader.finish().error().toString(), std::string("id: This is missing or empty."));
        }
    }
};

} // namespace

LUTHIEN_TEST(tst_object_reader, TestObjectReader)
#include "tst_object_reader.moc"
