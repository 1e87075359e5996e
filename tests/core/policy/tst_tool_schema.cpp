// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/tool_schema.h"
#include "support/test_registry.h"

#include <string>

using namespace luthien;
using namespace luthien::policy;

namespace {

class TestToolSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checks_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("problem"); ///< empty = fits
        const auto row = [](const char* name, const char* schema, const char* arguments, const char* problem) {
            QTest::newRow(name) << QByteArray(schema) << QByteArray(arguments) << QByteArray(problem);
        };
        const char* const file = R"({"type":"object","properties":{"path":{"type":"string","minLength":1},)"
                                 R"("lines":{"type":"integer","minimum":1},"mode":{"enum":["r","w"]}},)"
                                 R"("required":["path"],"additionalProperties":false})";
        row("no schema", "", R"({"x":1})", "");
        row("true", "true", "{}", "");
        row("all there", file, R"({"path":"a","lines":3,"mode":"w"})", "");
        row("a whole number written with a point", file, R"({"path":"a","lines":3.0})", "");
        row("a needed member is missing", file, "{}", "a member is missing: path");
        row("an unknown member", file, R"({"path":"a","x":1})", "no such member: x");
        row("another type", file, R"({"path":["a"]})", "/path: this must be of type string");
        row("too short", file, R"({"path":""})", "/path: this text is too short");
        row("a fraction", file, R"({"path":"a","lines":1.5})", "/lines: this must be of type integer");
        row("too small", file, R"({"path":"a","lines":0})", "/lines: this number is too small");
        row("not listed", file, R"({"path":"a","mode":"x"})", "/mode: this must be one of");
        row("capitals, as Gemini writes types",
            R"({"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}})", R"({"a":null})", "");
        row("characters are counted, not bytes", R"({"properties":{"a":{"maxLength":2}}})", R"({"a":"éé"})", "");
        row("a list of another type", R"({"properties":{"a":{"items":{"type":"string"}}}})", R"({"a":["x",1]})",
            "/a/1:");
        row("prefix items", R"({"properties":{"a":{"prefixItems":[true],"items":false}}})", R"({"a":[1,2]})", "/a/1:");
        row("prefix items of draft 7", R"({"properties":{"a":{"items":[true],"additionalItems":false}}})",
            R"({"a":[1,2]})", "/a/1:");
        row("the same twice", R"({"properties":{"a":{"uniqueItems":true}}})", R"({"a":[1,2,1.0]})", "twice");
        row("contains", R"({"properties":{"a":{"contains":{"const":7}}}})", R"({"a":[1]})", "does not hold");
        row("a reference", R"({"$defs":{"n":{"type":"number"}},"properties":{"a":{"$ref":"#/$defs/n"}}})",
            R"({"a":"x"})", "/a: this must be of type number");
        row("a tree", R"({"properties":{"kids":{"items":{"$ref":"#"}}},"additionalProperties":false})",
            R"({"kids":[{"kids":[{"x":1}]}]})", "/kids/0/kids/0: there is no such member");
        row("any of", R"({"properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}})", R"({"a":1})",
            "fits none");
        row("one of two that both fit", R"({"properties":{"a":{"oneOf":[{"type":"number"},{"minimum":1}]}}})",
            R"({"a":1})", "exactly one");
        row("not", R"({"properties":{"a":{"not":{"const":1}}}})", R"({"a":1})", "must not have");
        row("if and then", R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1})", "missing: b");
        row("if and else", R"({"if":{"required":["a"]},"else":{"required":["b"]}})", "{}", "missing: b");
        row("a pattern", R"({"properties":{"a":{"pattern":"^[a-z]+$"}}})", R"({"a":"A"})", "match the pattern");
        row("members by pattern", R"({"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false})",
            R"({"x1":"a","y":1})", "no such member: y");
        row("names of members", R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})", "too long");
        row("a member that needs another", R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", "missing: b");
        row("a multiple", R"({"properties":{"a":{"multipleOf":0.1}}})", R"({"a":0.3})", "");
        row("exclusive limits of draft 4", R"({"properties":{"a":{"minimum":1,"exclusiveMinimum":true}}})",
            R"({"a":1})", "too small");
        row("unknown keywords say nothing", R"({"format":"uri","x-y":{"type":7}})", "{}", "");
    }
    void checks()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, problem);
        const auto value = parseStrictJson(arguments.toStdString());
        QVERIFY(value.hasValue());
        const Result<void> result = checkAgainstSchema(*value, schema.toStdString());
        QCOMPARE(result.hasValue(), problem.isEmpty());
        if (result)
            return;
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        QVERIFY2(QByteArray::fromStdString(result.error().toString()).contains(problem),
                 result.error().toString().c_str());
    }

    /// The first three end a process that gives such a schema to a checker that trusts it.
    void aSchemaCanDoNoHarm_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::newRow("it refers to itself") << QByteArray("{\"allOf\":[{\"$ref\":\"#\"}]}");
        QTest::newRow("a pattern that cannot be read in linear time") << QByteArray("{\"pattern\":\"(?=a)b\"}");
        QTest::newRow("it doubles at each step")
            << QByteArray("{\"anyOf\":[{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]},{\"$ref\":\"#\"}]}");
        QTest::newRow("it refers outside") << QByteArray("{\"$ref\":\"https://example.com/x.json\"}");
        QTest::newRow("it refers nowhere") << QByteArray("{\"not\":{\"$ref\":\"#/nowhere\"}}");
        QTest::newRow("it is no schema") << QByteArray("7");
        QTest::newRow("it is no JSON") << QByteArray("{");
    }
    void aSchemaCanDoNoHarm()
    {
        QFETCH(QByteArray, schema);
        const Result<void> result = checkAgainstSchema(boost::json::value("x"), schema.toStdString());
        QVERIFY(!result);
        QVERIFY(result.error().code != ErrorCode::InvalidInput);
    }

    void aPatternTakesLinearTime()
    {
        const boost::json::value text(std::string(1'000'000, 'a') + "!");
        QVERIFY(!checkAgainstSchema(text, "{\"pattern\":\"^(a+)+$\"}"));
        QVERIFY(!checkAgainstSchema(text, "{\"pattern\":\"^(a|b)*$\"}"));
    }
};

} // namespace

LUTHIEN_TEST(tst_tool_schema, TestToolSchema)
#include "tst_tool_schema.moc"
