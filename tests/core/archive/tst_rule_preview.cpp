// SPDX-License-Identifier: Apache-2.0
#include "archive/rule_preview.h"
#include "core/archive/recorded_past.h"
#include "support/test_registry.h"

#include <QtTest>

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::archive;
using archive::test::bash;
using archive::test::RecordedPast;
using conversation::AnsweredBy;
using conversation::Api;
using conversation::Block;
using conversation::BlockKind;
using conversation::Executor;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::ApprovalRule;
using policy::ApprovalScope;

namespace {
ApprovalRule ruleFor(ApprovalScope scope)
{
    return {.scope = scope,
            .tool = "Bash",
            .arguments = R"({"command":"git status"})",
            .pattern = policy::ArgumentPattern{.pointer = "/command", .text = "git *"},
            .session = "one",
            .agent = "a"};
}
} // namespace

class TestRulePreview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatTheRuleReaches_data();
    void countsWhatTheRuleReaches();
    void tellsWhatWasDecidedThen();
    void readsFreeTextAndWhatCannotBeRead();
    void looksAtWhatIsRecentOnly();
    void isBounded();
    void canBeGivenUp();
    void refusesAPatternThatCannotBeUsed();

private:
    [[nodiscard]] static RulePreview preview(RecordedPast& past, const ApprovalRule& rule)
    {
        const bool isFlushed = past.flush();
        const auto seen = previewRule({.database = past.directory(), .rule = rule, .since = {}});
        if (!isFlushed || !seen)
            qCritical("%s", seen ? "not flushed" : seen.error().toString().c_str());
        return seen ? *seen : RulePreview();
    }
};

void TestRulePreview::countsWhatTheRuleReaches_data()
{
    QTest::addColumn<int>("scope");
    QTest::addColumn<int>("matched");
    QTest::addColumn<int>("sessions");
    QTest::newRow("this very call, by this agent") << int(ApprovalScope::Call) << 1 << 1;
    QTest::newRow("the tool, whoever calls it") << int(ApprovalScope::Tool) << 6 << 2;
    QTest::newRow("the pattern") << int(ApprovalScope::Pattern) << 4 << 2;
    QTest::newRow("the session, whatever is called") << int(ApprovalScope::Session) << 5 << 1;
    QTest::newRow("the agent of the session") << int(ApprovalScope::Agent) << 3 << 1;
}

void TestRulePreview::countsWhatTheRuleReaches()
{
    QFETCH(int, scope);
    QFETCH(int, matched);
    QFETCH(int, sessions);
    RecordedPast past;
    past.record({.session = "one", .agent = "a", .blocks = {bash("git status")}});
    past.record({.session = "one", .agent = "a", .blocks = {bash("git push"), bash("ls")}});
    past.record({.session = "one", .blocks = {bash("git status")}});
    past.record({.session = "two", .agent = "a", .blocks = {bash("git status"), bash("rm x")}});
    Block other = bash("git status");
    other.name = "Shell";
    past.record({.session = "one", .blocks = {{.text = "git status"}, other}});
    Block server = bash("git status");
    server.executor = Executor::Server; // nobody is asked about it
    const CallId last = past.record({.session = "one", .agent = "a", .blocks = {server}});

    const RulePreview seen = preview(past, ruleFor(static_cast<ApprovalScope>(scope)));
    QCOMPARE(seen.toolCalls, 7U);
    QCOMPARE(int(seen.matched), matched);
    QCOMPARE(int(seen.sessions), sessions);
    QCOMPARE(int(seen.newest.size()), matched);
    QVERIFY(seen.isWhole);
    QVERIFY(std::ranges::none_of(seen.newest, [&](const RuleMatch& match) { return match.call == last; }));
    QVERIFY(std::ranges::is_sorted(seen.newest, std::ranges::greater(), &RuleMatch::at));
}

void TestRulePreview::tellsWhatWasDecidedThen()
{
    RecordedPast past;
    const auto decided = [](const char* tool, const char* id, Verdict verdict, AnsweredBy who) {
        return conversation::Decision{
            .policyId = "ask", .verdict = verdict, .answeredBy = who, .reason = "then", .tool = tool, .toolId = id};
    };
    past.record(
        {.blocks = {bash("left", "t0")}, .decisions = {decided("Bash", "t0", Verdict::Hold, AnsweredBy::Error)}});
    past.record({.blocks = {bash("free")}});
    past.record({.blocks = {bash("allowed", "t1"), bash("denied", "t2")},
                 .decisions = {decided("Bash", "t1", Verdict::Continue, AnsweredBy::Person),
                               decided("Bash", "t2", Verdict::Block, AnsweredBy::Person),
                               decided("Bash", "t2", Verdict::Continue, AnsweredBy::Policy)}});
    conversation::Decision shadow = decided("Bash", "t3", Verdict::Block, AnsweredBy::Policy);
    shadow.mode = PolicyMode::Shadow;
    past.record({.blocks = {bash("shadowed", "t3")}, .decisions = {shadow}});
    conversation::Decision nameless = decided("Bash", "", Verdict::Block, AnsweredBy::Timeout);
    nameless.original = bash("late").text;
    const CallId last =
        past.record({.api = Api::Gemini, .blocks = {bash("alike", ""), bash("late", "")}, .decisions = {nameless}});

    const RulePreview seen = preview(past, ruleFor(ApprovalScope::Tool));
    QCOMPARE(seen.newest.size(), std::size_t(7));
    const std::vector<std::pair<Verdict, std::string>> expected = {
        {Verdict::Block, "ask"},    {Verdict::Continue, ""}, {Verdict::Continue, ""}, {Verdict::Block, "ask"},
        {Verdict::Continue, "ask"}, {Verdict::Continue, ""}, {Verdict::Hold, "ask"}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        QCOMPARE(seen.newest[i].verdict, expected[i].first);
        QCOMPARE(seen.newest[i].policyId, expected[i].second);
    }
    QCOMPARE(seen.newest[0].answeredBy, AnsweredBy::Timeout);
    QCOMPARE(seen.newest[0].call, last);
    QCOMPARE(seen.newest[0].at, past.now());
    const auto json = boost::json::parse(toJson(seen));
    QCOMPARE(json.at("matched").as_int64(), 7);
    QCOMPARE(json.at("newest").at(0).at("answered_by").as_string(), "timeout");
    QCOMPARE(json.at("newest").at(0).at("arguments").as_string(), bash("late").text);
    QVERIFY(json.at("newest").at(1).at("answered_by").is_null());
}

void TestRulePreview::readsFreeTextAndWhatCannotBeRead()
{
    RecordedPast past;
    Block patch{.kind = BlockKind::ToolUse, .id = "t", .name = "apply_patch", .text = "*** Begin Patch"};
    past.record({.api = Api::OpenAiResponses, .blocks = {patch}});
    patch.text = "{\"a\":1,\"a\":2}";
    past.record({.blocks = {patch}});
    ApprovalRule rule = ruleFor(ApprovalScope::Tool);
    rule.tool = "apply_patch";
    const RulePreview seen = preview(past, rule);
    QCOMPARE(seen.toolCalls, 2U);
    QCOMPARE(seen.matched, 1U);
    QCOMPARE(seen.newest.front().arguments, std::string("*** Begin Patch"));
}

void TestRulePreview::looksAtWhatIsRecentOnly()
{
    RecordedPast past;
    past.record({.blocks = {bash("old")}});
    past.record({.blocks = {bash("new")}});
    QVERIFY(past.flush());
    const auto seen =
        previewRule({.database = past.directory(), .rule = ruleFor(ApprovalScope::Tool), .since = past.now()});
    QVERIFY(seen.hasValue());
    QCOMPARE(seen->toolCalls, 1U);
    QVERIFY(seen->since == past.now());
}

void TestRulePreview::isBounded()
{
    RecordedPast past;
    const std::string large(100'000, 'x');
    for (int i = 0; i < 600; ++i)
        past.record({.blocks = {bash(i == 599 ? large : "ls")}});
    QVERIFY(past.flush());
    RulePreviewPlan plan{.database = past.directory(), .rule = ruleFor(ApprovalScope::Tool), .since = {}};
    const auto whole = previewRule(plan);
    QVERIFY(whole->isWhole);
    QCOMPARE(whole->matched, 600U);
    QCOMPARE(whole->newest.size(), RulePreview::kMaxMatches);
    QVERIFY(whole->newest.front().isCut);
    QVERIFY(whole->newest.front().arguments.size() == RulePreview::kMaxArgumentBytes);
    QVERIFY(!whole->newest.back().isCut);

    plan.maxCalls = 100;
    const auto cut = previewRule(plan);
    QVERIFY(!cut->isWhole);
    QVERIFY(cut->toolCalls >= 80 && cut->toolCalls < 600);
    QVERIFY(cut->newest == whole->newest);
    plan.maxCalls = 600;
    plan.patience = {};
    const auto late = previewRule(plan); // no time at all is no all-clear
    QVERIFY(late ? !late->isWhole : late.error().code == ErrorCode::Timeout);
}

void TestRulePreview::canBeGivenUp()
{
    RecordedPast past;
    past.record({.blocks = {bash("ls")}});
    QVERIFY(past.flush());
    std::stop_source source;
    source.request_stop();
    const auto given = previewRule({.database = past.directory(), .rule = ruleFor(ApprovalScope::Tool), .since = {}},
                                   source.get_token());
    QVERIFY(!given && given.error().code == ErrorCode::Timeout);
}

void TestRulePreview::refusesAPatternThatCannotBeUsed()
{
    ApprovalRule rule = ruleFor(ApprovalScope::Pattern);
    rule.pattern->kind = policy::ArgumentPattern::Kind::Re2;
    rule.pattern->text = "(";
    RecordedPast past;
    const auto refused = previewRule({.database = past.directory(), .rule = rule, .since = {}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().context, std::string("pattern.re2"));
}

LUTHIEN_TEST(tst_rule_preview, TestRulePreview)
#include "tst_rule_preview.moc"
