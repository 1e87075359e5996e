// SPDX-License-Identifier: Apache-2.0
#include "script/host/script_engine.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::script::host;
using policy::ScriptFunction;

namespace {

QString told(const std::variant<std::string, Thrown>& said)
{
    if (const auto* thrown = std::get_if<Thrown>(&said))
        return QString::fromStdString("line " + std::to_string(thrown->line) + ": " + thrown->message);
    return QString::fromStdString(std::get<std::string>(said));
}

/// What onToolCall of a script with this body says.
QString call(const QString& body, const char* argument = "{}")
{
    ScriptEngine engine;
    const auto loaded = engine.load("function onToolCall(call) { " + body.toStdString() + " }");
    if (const auto* thrown = std::get_if<Thrown>(&loaded))
        return told(*thrown);
    return told(engine.run(ScriptFunction::OnToolCall, argument));
}

} // namespace

class TestScriptEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verdictsAreMadeByLuthien_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("said");
        QTest::newRow("allow") << "return luthien.allow()" << R"({"verdict":"continue"})";
        QTest::newRow("allow and say why") << "return luthien.allow({reason: 'ok', score: 0.5})"
                                           << R"({"verdict":"continue","reason":"ok","score":0.5})";
        QTest::newRow("block") << "return luthien.block('no', {agentText: 'x'})"
                               << R"({"verdict":"block","reason":"no","agentText":"x"})";
        QTest::newRow("text") << "return luthien.replaceText('x')" << R"({"verdict":"replace","text":"x"})";
        QTest::newRow("arguments") << "return luthien.replaceArguments({a: 1})"
                                   << R"({"verdict":"replace","arguments":{"a":1}})";
        QTest::newRow("parts") << "return luthien.replaceParts([{part: 0, text: 'x'}])"
                               << R"({"verdict":"replace","parts":[{"part":0,"text":"x"}]})";
        QTest::newRow("strings") << "return luthien.strings({a: ['x', {'b/~': 'y'}], n: 1})"
                                 << R"([{"pointer":"/a/0","text":"x"},{"pointer":"/a/1/b~1~0","text":"y"}])";
    }
    void verdictsAreMadeByLuthien()
    {
        QFETCH(QString, body);
        QFETCH(QString, said);
        QCOMPARE(call(body), said);
    }

    void whatWouldBeSilentlyWrongThrows_data()
    {
        QTest::addColumn<QString>("body");
        const QList<QByteArray> bodies{"return /a/.test('a')",
                                       "return /a/.exec('a')",
                                       "return 'a'.match('a')",
                                       "return 'a'.match(/a/)",
                                       "return 'a'.search('a')",
                                       "return 'a'.replace(/a/, 'b')",
                                       "return 'a'.split(/a/)",
                                       "return 'a'.replace({}, 'b')",
                                       "return new RegExp('a')",
                                       "return /a/.constructor('a')",
                                       "return /a/[Symbol.replace]('a', 'b')",
                                       "return eval('1')",
                                       "return (0, eval)('1')",
                                       "return new Function('return 1')()",
                                       "return (() => 1).constructor('return 1')()",
                                       "return (function* () {}).constructor('yield 1')()",
                                       "return new Promise(() => 1)",
                                       "leak = 1",
                                       "Array.prototype.x = 1",
                                       "Object.prototype.toJSON = () => 1",
                                       "JSON.stringify = () => '{}'",
                                       "luthien.allow = 1",
                                       "luthien.x = 1",
                                       "Object.setPrototypeOf(Array.prototype, null)",
                                       "String.prototype.trim.x = 1",
                                       "Object.getPrototypeOf([][Symbol.iterator]()).next = 1"};
        for (const QByteArray& body : bodies)
            QTest::newRow(body.constData()) << QString::fromLatin1(body);
    }
    void whatWouldBeSilentlyWrongThrows()
    {
        QFETCH(QString, body);
        const QString said = call(body + QStringLiteral("; return 'nothing was thrown'"));
        // The engine forgets a function that ends with a call: then no line is known.
        QVERIFY2(said.startsWith(QStringLiteral("line 1: ")) || said.startsWith(QStringLiteral("line 0: ")),
                 qPrintable(said));
    }

    void nothingIsLeftOfTheCallBefore()
    {
        ScriptEngine engine;
        QVERIFY(std::holds_alternative<policy::ScriptOutline>(
            engine.load("let n = 0; const seen = {}; function onToolCall(call) { seen[call] = ++n;"
                        " onToolCall.calls = (onToolCall.calls || 0) + 1;"
                        " return [n, Object.keys(seen).length, onToolCall.calls]; }")));
        for (const char* argument : {"1", "2", "3"})
            QCOMPARE(told(engine.run(ScriptFunction::OnToolCall, argument)), QStringLiteral("[1,1,1]"));
    }

    void stringsAreReplacedAndSplitByStrings()
    {
        QCOMPARE(call(QStringLiteral(
                     "return ['a.b'.replace('.', '-'), 'a.b.c'.split('.'), 'a.b.c'.split('.', 1), 'ab'.split('')]")),
                 QStringLiteral(R"(["a-b",["a","b","c"],["a"],["a","b"]])"));
    }

    void linesAreThoseOfTheScript_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("said");
        QTest::newRow("thrown by the script")
            << "\n\nfunction onToolCall() {\n throw new Error('x') }" << "line 4: Error: x";
        QTest::newRow("thrown by the engine") << "function onToolCall(c) {\n\n return c.a.b }"
                                              << "line 3: TypeError: Cannot read property 'b' of undefined";
        QTest::newRow("thrown by us") << "function onToolCall() {\n const x = luthien.test('(', ''); return x }"
                                      << "line 2: SyntaxError: RE2 does not accept this pattern: missing ): (.";
        QTest::newRow("a comment at the end") << "function onToolCall() { return 1 } // end" << "1";
    }
    void linesAreThoseOfTheScript()
    {
        QFETCH(QString, source);
        QFETCH(QString, said);
        ScriptEngine engine;
        QVERIFY(std::holds_alternative<policy::ScriptOutline>(engine.load(source.toStdString())));
        QCOMPARE(told(engine.run(ScriptFunction::OnToolCall, "{}")), said);
    }

    void functionsAreFoundHoweverTheyAreDefined()
    {
        ScriptEngine engine;
        const auto loaded = engine.load("const onText = b => luthien.allow(); let onEnd = 1; function onRequest() {}");
        const auto& outline = std::get<policy::ScriptOutline>(loaded);
        QVERIFY(outline.has(ScriptFunction::OnText) && outline.has(ScriptFunction::OnRequest));
        QVERIFY(!outline.has(ScriptFunction::OnEnd) && !outline.has(ScriptFunction::OnToolCall));
    }
};

LUTHIEN_TEST(tst_script_engine, TestScriptEngine)
#include "tst_script_engine.moc"
