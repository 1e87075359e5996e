// SPDX-License-Identifier: Apache-2.0
#include "activity_fixture.h"
#include "desktop/controllers/agents.h"
#include "desktop/controllers/clipboard.h"
#include "desktop/controllers/demo_run.h"
#include "desktop/controllers/pending_approvals.h"
#include "desktop/controllers/policy_editor.h"
#include "desktop/controllers/proxy_status.h"
#include "desktop/controllers/selected_session.h"
#include "desktop/controllers/session_export.h"
#include "desktop/denied_network.h"
#include "desktop/icon_provider.h"
#include "desktop/models/approval_history.h"
#include "desktop/models/approval_rules_model.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/policies_model.h"
#include "desktop/models/sessions_model.h"
#include "fake_answers.h"
#include "fake_policies.h"
#include "fake_sources.h"
#include "inspector_fixture.h"
#include "policies_fixture.h"
#include "sessions_fixture.h"
#include "shell_fixture.h"
#include "support/hostile_texts.h"
#include "support/sample_store.h"
#include "window_fixture.h"

#include <QQmlContext>
#include <QQmlEngine>
#include <QTcpServer>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuickTest>

using namespace luthien;
using namespace Qt::StringLiterals;

/// What the pages under test show, and a server that counts who asks it for something.
class Fixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::SessionsModel* sessions MEMBER m_sessionsPointer CONSTANT)
    Q_PROPERTY(SessionsFixture* sessionList READ sessionList CONSTANT)
    Q_PROPERTY(luthien::desktop::ConversationModel* conversation MEMBER m_conversationPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::SelectedSession* selected MEMBER m_selectedPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::Agents* agents MEMBER m_agentsPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::Clipboard* clipboard MEMBER m_clipboardPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::ProxyStatus* proxy MEMBER m_proxyPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::PoliciesModel* policies MEMBER m_policiesPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::PolicyEditor* editor MEMBER m_editorPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::PendingApprovals* approvals MEMBER m_approvalsPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::ApprovalHistory* answers MEMBER m_answersPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::ApprovalRulesModel* approvalRules MEMBER m_rulesPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::DemoRun* demo MEMBER m_demoPointer CONSTANT)
    Q_PROPERTY(luthien::desktop::SessionExport* exporter MEMBER m_exporterPointer CONSTANT)
    Q_PROPERTY(PoliciesFixture* policyParts READ policyParts CONSTANT)
    Q_PROPERTY(InspectorFixture* inspector READ inspector CONSTANT)
    Q_PROPERTY(ActivityFixture* activity READ activity CONSTANT)
    Q_PROPERTY(ShellFixture* shell READ shell CONSTANT)
    Q_PROPERTY(WindowFixture* window READ window CONSTANT)
    Q_PROPERTY(QString directory READ directory CONSTANT)
    Q_PROPERTY(QString hostile READ hostile CONSTANT)
    Q_PROPERTY(int fetches MEMBER m_fetches)

public:
    Fixture()
    {
        m_server.listen(QHostAddress::LocalHost);
        m_inspector = std::make_unique<InspectorFixture>(hostile());
        m_activity = std::make_unique<ActivityFixture>(hostile().toStdString());
        connect(&m_server, &QTcpServer::newConnection, this, [this] { ++m_fetches; });
        m_agents.setAddress(u"http://127.0.0.1:4000"_s);
        m_proxy.setAddress(u"127.0.0.1:4000"_s);
        store::SessionRow session = m_sessionSource.session(1);
        session.preview = hostile().toStdString();
        session.client = hostile().toStdString();
        m_sessionSource.change(session);
        m_selected.show(m_sessionSource.session(0));
        m_sessionList =
            std::make_unique<SessionsFixture>(m_sessionSource, m_sessions, m_clipboard, directory(), hostile());
        connect(
            &m_sessionSource, &desktop::SessionSource::sessionFailed, this,
            [this](const std::string& id, const QString& why) { m_selected.fail(QString::fromStdString(id), why); });
        connect(&m_selected, &desktop::SelectedSession::retried, this,
                [this](const QString& id) { m_sessionSource.loadSession(id.toStdString()); });
        m_sessions.start();
        answer();
        m_policySource.add({.id = "from-file", .type = "noop", .mode = policy::PolicyMode::Enforce}, true);
        m_policySource.add({.id = "sql", .type = "destructive-sql", .name = hostile().toStdString()});
        m_policySource.add({.id = "rules", .type = "tool-rules", .config = R"({"rules":[{"do":"deny"}]})"});
        m_store.add({});
        m_isStored = m_store.flush();
    }
    [[nodiscard]] PoliciesFixture* policyParts() { return &m_policyParts; }
    [[nodiscard]] InspectorFixture* inspector() const { return m_inspector.get(); }
    [[nodiscard]] ActivityFixture* activity() const { return m_activity.get(); }
    [[nodiscard]] SessionsFixture* sessionList() const { return m_sessionList.get(); }
    [[nodiscard]] ShellFixture* shell()
    {
        // Asked for by QML, when the port of the text that must not be fetched is known.
        if (!m_shell)
            m_shell = std::make_unique<ShellFixture>(hostile());
        return m_shell.get();
    }
    [[nodiscard]] WindowFixture* window()
    {
        if (m_window)
            return m_window.get();
        m_window = std::make_unique<WindowFixture>();
        desktop::WindowParts& parts = *m_window->parts();
        parts.sessions = &m_sessions;
        parts.conversation = &m_conversation;
        parts.agents = &m_agents;
        parts.clipboard = &m_clipboard;
        parts.approvals = &m_approvals;
        parts.answers = &m_answers;
        parts.approvalRules = &m_rules;
        parts.demo = &m_demo;
        parts.exporter = &m_exporter;
        parts.policies = m_policyParts.policies();
        parts.editor = m_policyParts.editor();
        parts.bench = m_policyParts.bench();
        parts.backtest = m_policyParts.backtest();
        parts.versions = m_policyParts.versions();
        parts.presets = m_policyParts.presets();
        parts.policyImport = m_policyParts.policyImport();
        m_inspector->nameParts(parts);
        m_activity->nameParts(parts);
        m_sessionList->nameParts(parts);
        shell()->nameParts(parts);
        return m_window.get();
    }
    [[nodiscard]] QString directory() const { return m_directory.path(); }
    /// The configuration a policy was saved with last.
    [[nodiscard]] Q_INVOKABLE QString configOf(const QString& id) const
    {
        for (const desktop::ListedPolicy& each : m_policySource.policies())
            if (each.definition.id == id.toStdString())
                return QString::fromStdString(each.definition.config);
        return {};
    }
    /// Somebody else gives the policy a name, over the control port say.
    Q_INVOKABLE void nameElsewhere(const QString& id, const QString& name)
    {
        for (const desktop::ListedPolicy& each : m_policySource.policies()) {
            if (each.definition.id != id.toStdString())
                continue;
            policy::Definition theirs = each.definition;
            theirs.name = name.toStdString();
            (void)m_policySource.save(theirs);
            return;
        }
    }
    /// Texts that do harm wherever they are taken for more than text.
    [[nodiscard]] Q_INVOKABLE QStringList hostileTexts() const
    {
        return test::hostileTexts(u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()));
    }
    /// Text that loads something wherever it is taken for markup.
    [[nodiscard]] QString hostile() const
    {
        return u"<img src='http://127.0.0.1:%1/x.png'> ![x](http://127.0.0.1:%1/y.png)"_s.arg(m_server.serverPort());
    }

    /// Asks a person about the hostile text, as a policy does; returns the question's id.
    Q_INVOKABLE QString ask(const QString& command)
    {
        const std::string text = hostile().toStdString();
        policy::ApprovalQuestion question{.call = m_call, .tool = text, .arguments = command.toStdString()};
        question.isFreeText = true;
        question.policyName = question.reason = question.client = text;
        auto asked = m_approvalDesk.ask(std::move(question), [] {}, std::chrono::seconds(30));
        if (!asked)
            return {};
        m_asked.push_back(*std::move(asked));
        return QString::fromStdString(m_asked.back()->id().toString());
    }
    /// Asks about a call with arguments that are JSON, for so many milliseconds; returns the question's id.
    Q_INVOKABLE QString askCall(const QString& tool, const QString& json, int timeout = 30'000)
    {
        policy::ApprovalQuestion question = callOf(tool, json);
        question.matched = {{"/command", 0, 2}};
        question.lastUserText = "What the person said.";
        auto asked = m_approvalDesk.ask(std::move(question), [] {}, std::chrono::milliseconds(timeout));
        if (!asked)
            return {};
        m_asked.push_back(*std::move(asked));
        return QString::fromStdString(m_asked.back()->id().toString());
    }
    /// The client goes.
    Q_INVOKABLE void withdraw(const QString& id)
    {
        std::erase_if(m_asked, [&](const auto& asked) { return asked->id().toString() == id.toStdString(); });
    }
    /// Somebody else answers, over the control port.
    Q_INVOKABLE void allowElsewhere(const QString& id)
    {
        const auto known = CallId::parse(id.toStdString());
        if (known)
            (void)m_approvalDesk.answer(*known, {.verb = policy::ApprovalVerb::Allow});
    }
    /// Whether a rule would answer such a call.
    [[nodiscard]] Q_INVOKABLE bool isRuled(const QString& tool, const QString& json)
    {
        return m_approvalDesk.ruled(callOf(tool, json)).has_value();
    }
    Q_INVOKABLE void revokeAll()
    {
        for (const auto& rule : m_approvalDesk.rules())
            (void)m_approvalDesk.revokeRule(rule.id);
        m_rules.refresh();
    }
    Q_INVOKABLE void withdrawAll() { m_asked.clear(); }
    /// What the store has about answers: so many, the newest first.
    Q_INVOKABLE void loadAnswers(int count)
    {
        std::vector<int> numbers;
        for (int number = count; number > 0; --number)
            numbers.push_back(number);
        m_answerSource.answer(numbers);
    }
    /// "allow", "edit: arguments", "deny: message", or empty while it waits.
    [[nodiscard]] Q_INVOKABLE QString outcomeOf(const QString& id) const
    {
        for (const auto& asked : m_asked) {
            if (asked->id().toString() != id.toStdString())
                continue;
            const auto outcome = asked->outcome();
            if (!outcome)
                return {};
            if (outcome->verb == policy::ApprovalVerb::Edit)
                return u"edit: "_s + QString::fromStdString(outcome->arguments);
            return outcome->verb == policy::ApprovalVerb::Allow
                       ? u"allow"_s
                       : u"deny: "_s + QString::fromStdString(outcome->message);
        }
        return u"unknown"_s;
    }
    [[nodiscard]] Q_INVOKABLE int ruleCount() { return static_cast<int>(m_approvalDesk.rules().size()); }
    Q_INVOKABLE void trouble(const QString& text, bool isStop) { m_proxy.setTrouble({text, isStop}); }
    Q_INVOKABLE void answer()
    {
        while (m_sessionSource.answer() + m_conversationSource.answer() > 0)
            ;
    }
    /// The session on screen, and the next page of its calls, cannot be read.
    Q_INVOKABLE void failReading(const QString& why)
    {
        m_conversationSource.failNext(why);
        m_sessionSource.failSession(why);
        m_sessionSource.loadSession(m_selected.sessionId().toStdString());
    }
    /// A reply in which every kind of block carries the hostile text.
    Q_INVOKABLE void streamHostileReply()
    {
        const std::string text = hostile().toStdString();
        live::Opened begun{.call = m_call, .model = text, .stream = true};
        begun.identity.session = "session-0";
        live::LiveBatch batch{.events = {begun}};
        std::uint32_t seq = 1;
        std::uint32_t block = 0;
        const auto add = [&](conversation::EventKind kind, const std::string& name) {
            batch.events.push_back(live::Delta{
                .call = m_call, .firstSeq = seq, .seq = seq, .kind = kind, .block = block, .name = name, .text = text});
            ++seq;
        };
        for (const auto kind : {conversation::EventKind::Text, conversation::EventKind::Thinking,
                                conversation::EventKind::Opaque, conversation::EventKind::Error}) {
            add(kind, text);
            ++block;
        }
        conversation::Decision decision{.id = m_call, .call = m_call, .policyId = text, .reason = text};
        decision.verdict = conversation::Verdict::Block;
        decision.agentText = decision.original = text;
        decision.matched = {{.start = 1, .end = 5}};
        batch.events.push_back(live::Decided{decision});
        add(conversation::EventKind::ToolStart, text);
        add(conversation::EventKind::ToolArgs, text);
        add(conversation::EventKind::ToolEnd, text);
        m_conversation.applyLive(batch);
    }
    [[nodiscard]] Q_INVOKABLE QString callId(int number) const
    {
        return QString::fromStdString(test::FakeConversation::idOf(number).toString());
    }
    Q_INVOKABLE void streamText(const QString& text)
    {
        ++m_seq;
        m_conversation.applyLive({.events = {live::Delta{.call = m_call,
                                                         .firstSeq = m_seq,
                                                         .seq = m_seq,
                                                         .kind = conversation::EventKind::Text,
                                                         .block = 9,
                                                         .text = text.toStdString()}}});
    }
    Q_INVOKABLE void touchSession(int number)
    {
        store::SessionRow session = m_sessionSource.session(number);
        session.cursor.micros = m_sessionSource.session(0).cursor.micros + ++m_touches;
        m_sessionSource.change(session);
        Q_EMIT m_sessionSource.sessionLoaded(std::make_shared<const store::SessionRow>(session));
    }

private:
    [[nodiscard]] policy::ApprovalQuestion callOf(const QString& tool, const QString& json) const
    {
        return {.call = m_call,
                .session = "s1",
                .client = "claude-code",
                .tool = tool.toStdString(),
                .arguments = json.toStdString(),
                .policyId = "ask",
                .policyName = "Ask me",
                .reason = "A person must allow it."};
    }

    QTcpServer m_server;
    std::unique_ptr<InspectorFixture> m_inspector;
    std::unique_ptr<ActivityFixture> m_activity;
    int m_fetches = 0;
    std::int64_t m_touches = 0;
    std::uint32_t m_seq = 100;
    SystemClock m_clock;
    CallId m_call = test::FakeConversation::idOf(7'000'000);
    test::FakeSessions m_sessionSource{1'000'000};
    test::FakeConversation m_conversationSource{100'000};
    desktop::SessionsModel m_sessions{m_sessionSource, m_clock};
    desktop::ConversationModel m_conversation{m_conversationSource};
    desktop::SelectedSession m_selected;
    desktop::Agents m_agents;
    desktop::Clipboard m_clipboard;
    desktop::ProxyStatus m_proxy;
    test::FakePolicies m_policySource;
    test::SampleStore m_store;
    QTemporaryDir m_directory;
    bool m_isStored = false;
    desktop::PoliciesModel m_policies{m_policySource};
    desktop::PolicyEditor m_editor{m_policySource};
    PoliciesFixture m_policyParts{m_clock, m_directory.path(), hostile()};
    policy::ApprovalDesk m_approvalDesk{m_clock};
    std::vector<std::unique_ptr<policy::AskedApproval>> m_asked; ///< withdrawn before the desk ends
    desktop::PendingApprovals m_approvals{m_approvalDesk, m_clock, [this](const auto& rule, const auto&) {
                                              archive::RulePreview preview{.since = m_clock.now(), .matched = 1};
                                              preview.newest.push_back(
                                                  {.tool = hostile().toStdString(), .arguments = rule.tool});
                                              return Result<archive::RulePreview>(preview);
                                          }};
    desktop::PendingApprovals* m_approvalsPointer = &m_approvals;
    test::FakeAnswers m_answerSource;
    desktop::ApprovalHistory m_answers{m_answerSource, m_clock};
    desktop::ApprovalHistory* m_answersPointer = &m_answers;
    desktop::ApprovalRulesModel m_rules{m_approvalDesk, m_clock, [](const auto& rule, const auto&) {
                                            return archive::RulePreview{.rule = rule, .toolCalls = 9, .matched = 4};
                                        }};
    desktop::ApprovalRulesModel* m_rulesPointer = &m_rules;
    desktop::SessionExport m_exporter{[this] { return m_store.openReader(); }};
    desktop::DemoRun m_demo{{}, {}};
    desktop::DemoRun* m_demoPointer = &m_demo;
    desktop::PoliciesModel* m_policiesPointer = &m_policies;
    desktop::PolicyEditor* m_editorPointer = &m_editor;
    desktop::SessionExport* m_exporterPointer = &m_exporter;
    std::unique_ptr<SessionsFixture> m_sessionList;
    desktop::SessionsModel* m_sessionsPointer = &m_sessions;
    desktop::ConversationModel* m_conversationPointer = &m_conversation;
    desktop::SelectedSession* m_selectedPointer = &m_selected;
    desktop::Agents* m_agentsPointer = &m_agents;
    desktop::Clipboard* m_clipboardPointer = &m_clipboard;
    desktop::ProxyStatus* m_proxyPointer = &m_proxy;
    std::unique_ptr<ShellFixture> m_shell;
    std::unique_ptr<WindowFixture> m_window;
};

class Setup : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void qmlEngineAvailable(QQmlEngine* engine)
    {
        // No denying network here: plain text alone has to keep everything inside.
        engine->addImageProvider(u"icons"_s, new desktop::IconProvider);
        engine->addImportPath(u"qrc:/qt/qml"_s);
        m_fixture = std::make_unique<Fixture>();
        engine->rootContext()->setContextProperty(u"fixture"_s, m_fixture.get());
    }

private:
    std::unique_ptr<Fixture> m_fixture;
};

QUICK_TEST_MAIN_WITH_SETUP(qml, Setup)
#include "main.moc"
