// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/builtin/javascript.h"
#include "script_fixture.h"
#include "support/test_registry.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <yaml-cpp/yaml.h>

#include <atomic>
#include <set>
#include <thread>

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::script;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

const std::filesystem::path kFolder =
    std::filesystem::path(qgetenv("LUTHIEN_SOURCE_DIR").toStdString()) / "resources/presets";

YAML::Node load(const QString& name)
{
    return YAML::LoadFile((kFolder / ("javascript-" + name.toStdString() + ".yaml")).string());
}

/// What the policy of a file makes of one call.
class Judge
{
public:
    Judge(ScriptPool& pool, const QString& name)
        : m_id(load(name)["id"].as<std::string>())
    {
        const json::object config{{"source", load(name)["config"]["source"].as<std::string>()}, {"timeout", "5s"}};
        auto made = builtin::kJavascript.make(config, {.scripts = &pool});
        if (made)
            m_policy = *made;
        else
            m_error = QString::fromStdString(made.error().toString());
    }

    QString error() const { return m_error; }

    QString tool(const char* name, const char* arguments, const char* agent = "")
    {
        const json::value parsed = *parseStrictJson(arguments);
        const conversation::ToolCall call{.id = "t", .name = name, .arguments = arguments};
        m_facts.identity.agent = agent;
        return told([&](PolicyCall& work) { return work.toolCall({call, &parsed}); });
    }
    QString text(const char* text)
    {
        std::string out;
        const QString verdict = told([&, isFed = false](PolicyCall& work) mutable {
            if (!std::exchange(isFed, true))
                work.text(0, 0, text, out);
            return work.textEnd(0, 0, out);
        });
        return verdict + QStringLiteral(": ") + QString::fromStdString(out);
    }
    QString request(conversation::PartKind kind, const char* text)
    {
        const std::vector<conversation::RequestPart> parts{{.text = "Hello"}, {.kind = kind, .text = text}};
        return told([&](PolicyCall& work) { return work.request(parts); });
    }

private:
    /// Asks until there is an answer, as a worker does.
    template <typename Ask>
    QString told(Ask ask)
    {
        std::atomic<int> wakes = 0;
        const SystemClock clock;
        const PolicyContext context{.facts = m_facts,
                                    .clock = clock,
                                    .wake =
                                        [&wakes] {
                                            ++wakes;
                                            wakes.notify_all();
                                        },
                                    .policyId = m_id};
        const auto work = m_policy->open(context);
        Result<PolicyVerdict> verdict = ask(*work);
        while (verdict && verdict->verdict == conversation::Verdict::Hold) {
            wakes.wait(0);
            verdict = ask(*work);
        }
        if (!verdict)
            return QString::fromStdString("error " + verdict.error().toString());
        std::string text(conversation::verdictName(verdict->verdict));
        for (const conversation::Match& match : verdict->matched)
            text += " " + match.pointer + " " + std::to_string(match.start) + "-" + std::to_string(match.end);
        text += verdict->arguments.empty() ? "" : " " + verdict->arguments;
        for (const conversation::PartChange& change : verdict->changes)
            text += " " + std::to_string(change.part) + " " + change.text;
        return QString::fromStdString(text);
    }

    std::string m_id;
    CallFacts m_facts;
    std::shared_ptr<const Policy> m_policy;
    QString m_error;
};

} // namespace

/// The worked examples of docs/policies.md.
class TestPresets : public QObject
{
    Q_OBJECT

private:
    Metrics m_metrics;
    std::unique_ptr<ScriptPool> m_pool;
    std::set<QString> m_tried;

private Q_SLOTS:
    void initTestCase() { m_pool = std::make_unique<ScriptPool>(scriptHostProgram(), m_metrics); }
    void cleanupTestCase()
    {
        std::set<QString> there;
        for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
            const QString name = QString::fromStdString(file.path().stem().string());
            if (name.startsWith(QStringLiteral("javascript-")))
                there.insert(name.sliced(11));
        }
        QCOMPARE(there.size(), std::size_t(10));
        QVERIFY(there == m_tried);
        m_pool.reset();
    }

    void toolCalls_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QByteArray>("agent");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("verdict");
        const auto row = [](const char* preset, const char* tool, const char* arguments, const char* verdict,
                            const char* agent = "") {
            QTest::addRow("%s: %s %s", preset, tool, arguments)
                << QString::fromLatin1(preset) << QByteArray(agent) << QByteArray(tool) << QByteArray(arguments)
                << QString::fromUtf8(verdict);
        };
        row("no-force-push", "Bash", R"({"command":"git push origin main"})", "continue");
        row("no-force-push", "Bash", R"({"command":"cd x && git push --force"})", "block /command 8-24");
        row("no-force-push", "Bash", R"({"command":"git push -f"})", "block /command 0-11");
        row("no-force-push", "Bash", R"({"command":"git push origin +main"})", "block /command 0-21");
        row("no-force-push", "Bash", R"({"command":"git push -uf origin"})", "block /command 0-12");
        row("no-force-push", "Bash", R"({"command":"git push -fu origin"})", "block /command 0-12");
        row("no-force-push", "Bash", "{\"command\":\"git push \\\"--force\\\"\"}", "block /command 0-18");
        row("no-force-push", "Bash", R"({"command":"git push '-f' origin"})", "block /command 0-13");
        row("no-force-push", "Bash", R"({"command":"git push --force-with-lease=main"})", "block /command 0-32");
        row("no-force-push", "Bash", R"({"command":"git push origin '+main'"})", "block /command 0-23");
        row("no-force-push", "Bash", R"({"command":"git push --mirror"})", "block /command 0-17");
        row("no-force-push", "Bash", R"({"command":"git push --follow-tags -u origin feature-f"})", "continue");
        row("no-force-push", "Read", R"({"file_path":"--force"})", "continue");
        row("use-uv", "Bash", R"({"command":"pip install requests"})",
            R"(replace {"command":"uv pip install requests"})");
        row("use-uv", "Bash", R"({"command":"cd a; python3 -m pip install b","timeout":5})",
            R"(replace {"command":"cd a; uv pip install b","timeout":5})");
        row("use-uv", "Bash", R"({"command":"uv pip install requests"})", "continue");
        row("use-uv", "Bash", R"({"command":"sudo -H pip3 install a && sudo pip install b"})",
            R"(replace {"command":"sudo -H uv pip install a && sudo uv pip install b"})");
        row("workspace-only", "Write", R"({"file_path":"/home/me/project/a.txt"})", "continue");
        row("workspace-only", "Write", R"({"file_path":"/home/me/project/../.ssh/config"})", "block");
        row("workspace-only", "Edit", R"({"file_path":"/etc/passwd"})", "block");
        row("workspace-only", "Edit", R"({})", "block");
        row("workspace-only", "Read", R"({"file_path":"/etc/passwd"})", "continue");
        row("known-recipients", "send_email", R"({"to":["a@example.com"],"body":"hi"})", "continue");
        row("known-recipients", "send_email", R"({"to":["a@example.com","b@evil.test"]})", "block /to/1 0-11");
        row("known-recipients", "Bash", R"({"command":"echo b@evil.test"})", "continue");
        row("sub-agents-read-only", "Bash", R"({"command":"ls"})", "continue");
        row("sub-agents-read-only", "Bash", R"({"command":"ls"})", "block", "explorer");
        row("sub-agents-read-only", "Grep", R"({"pattern":"x"})", "continue", "explorer");
        row("bounded-queries", "query", R"({"sql":"SELECT * FROM t; "})",
            R"(replace {"sql":"SELECT * FROM t LIMIT 1000"})");
        row("bounded-queries", "query", R"({"sql":"select 1 limit 5"})", "continue");
        row("bounded-queries", "query", R"({"sql":"DELETE FROM t"})", "continue");
    }
    void toolCalls()
    {
        QFETCH(QString, preset);
        QFETCH(QByteArray, agent);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, verdict);
        m_tried.insert(preset);
        Judge judge(*m_pool, preset);
        QVERIFY2(judge.error().isEmpty(), qPrintable(judge.error()));
        QCOMPARE(judge.tool(tool.constData(), arguments.constData(), agent.constData()), verdict);
    }

    void texts()
    {
        m_tried.insert(QStringLiteral("hide-addresses"));
        Judge judge(*m_pool, QStringLiteral("hide-addresses"));
        QCOMPARE(judge.text("Write to jo.do+x@mail.example.co.uk, now."),
                 QStringLiteral("continue: Write to [address], now."));
        QCOMPARE(judge.text("No address @ all."), QStringLiteral("continue: No address @ all."));
    }

    void requests_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("verdict");
        const auto row = [](const char* name, const char* preset, conversation::PartKind kind, const char* text,
                            const char* verdict) {
            QTest::newRow(name) << QString::fromLatin1(preset) << int(kind) << QByteArray(text)
                                << QString::fromUtf8(verdict);
        };
        using conversation::PartKind;
        row("a key", "keep-keys-here", PartKind::ToolResult, "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb", "block");
        row("a public key", "keep-keys-here", PartKind::UserText, "-----BEGIN PUBLIC KEY-----", "continue");
        row("a token", "mask-tokens", PartKind::ToolResult, "KEY=sk-abcdefghijklmnop1234;", "replace 1 KEY=[token];");
        row("a token a person wrote", "mask-tokens", PartKind::UserText, "sk-abcdefghijklmnop1234", "continue");
    }
    void requests()
    {
        QFETCH(QString, preset);
        QFETCH(int, kind);
        QFETCH(QByteArray, text);
        QFETCH(QString, verdict);
        m_tried.insert(preset);
        Judge judge(*m_pool, preset);
        QVERIFY2(judge.error().isEmpty(), qPrintable(judge.error()));
        QCOMPARE(judge.request(static_cast<conversation::PartKind>(kind), text.constData()), verdict);
    }

    void ends()
    {
        m_tried.insert(QStringLiteral("long-replies"));
        const std::string source = load(QStringLiteral("long-replies"))["config"]["source"].as<std::string>();
        const auto told = [&](const char* end) {
            ScriptCall call = callOf(source, end, 5s);
            call.function = ScriptFunction::OnEnd;
            return script::told(ask(*m_pool, std::move(call)));
        };
        QCOMPARE(told(R"({"model":"m","stopReason":"end_turn","usage":{"output":5}})"),
                 QStringLiteral(R"({"verdict":"continue"})"));
        QCOMPARE(told(R"({"model":"m","stopReason":"max_tokens","usage":{"output":null}})"),
                 QStringLiteral(R"({"verdict":"block","reason":"A reply of m was cut off."})"));
        QCOMPARE(told(R"({"model":"m","stopReason":"end_turn","usage":{"output":20001}})"),
                 QStringLiteral(R"({"verdict":"block","reason":"A reply had 20001 tokens."})"));
    }
};

LUTHIEN_TEST(tst_presets, TestPresets)
#include "tst_presets.moc"
