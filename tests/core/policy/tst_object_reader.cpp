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
    (void)reader.number("number", 0, 1);
    (void)reader.whole("whole", 0, 9);
    (void)reader.truth("truth");
    (void)reader.duration("duration", std::chrono::milliseconds(100), std::chrono::hours(1));
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

    void readsNumbersAndDurations()
    {
        const auto parsed = parseStrictJson(R"({"a":1,"b":0.5,"c":3,"d":true,"e":"90s","f":"500ms"})");
        ObjectReader reader(parsed->get_object());
        QVERIFY(reader.number("a", 0, 1) == 1.0 && reader.number("b", 0, 1) == 0.5);
        QVERIFY(reader.whole("c", 0, 9) == 3 && reader.truth("d") == true);
        QVERIFY(reader.duration("e", {}, std::chrono::hours(1)) == std::chrono::seconds(90));
        QVERIFY(reader.duration("f", {}, std::chrono::hours(1)) == std::chrono::milliseconds(500));
        QVERIFY(!reader.number("x", 0, 1) && !reader.whole("x", 0, 1) && !reader.truth("x"));
        QVERIFY(reader.finish().hasValue());
        QCOMPARE(durationText(std::chrono::seconds(90)), std::string("90s"));
        QCOMPARE(durationText(std::chrono::hours(12)), std::string("12h"));
    }

    void namesBoundsAsPeopleWriteThem()
    {
        const auto parsed = parseStrictJson(R"({"usd":-1,"timeout":"1ms"})");
        ObjectReader money(parsed->get_object());
        (void)money.number("usd", 0, 1'000'000);
        QCOMPARE(money.finish().error().message, std::string("This must be a number from 0 to 1000000."));
        ObjectReader time(parsed->get_object());
        (void)time.duration("timeout", std::chrono::seconds(1), std::chrono::hours(24));
        QCOMPARE(time.finish().error().message,
                 std::string("This must be a duration from 1s to 24h, such as 20s, 5m or 1h."));
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
        row("a text for a number", R"({"number":"1"})", "rules[2].number: This must be a number from 0 to 1.");
        row("a number too large", R"({"number":1.5})", "rules[2].number: This must be a number from 0 to 1.");
        row("a fraction for a whole number", R"({"whole":1.5})",
            "rules[2].whole: This must be a whole number from 0 to 9.");
        row("a negative one", R"({"whole":-1})", "rules[2].whole: This must be a whole number from 0 to 9.");
        row("a text for a truth", R"({"truth":"true"})", "rules[2].truth: This must be true or false.");
        const char* duration = "rules[2].duration: This must be a duration from 100ms to 1h, such as 500ms, 20s or 5m.";
        for (const char* wrong : {"20", "s", "20 s", "-1s", "1d", "50ms", "2h", "99999999999999999999s"})
            row(wrong, QByteArray(R"({"duration":")") + wrong + "\"}", duration);
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
            "rules[2].txet: There is no such member; it may be text, colour, texts, objects, object, number, "
            "whole, truth or duration.");
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
