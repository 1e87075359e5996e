// SPDX-License-Identifier: Apache-2.0
#include "filter/match.h"
#include "filter/parser.h"
#include "sample_call.h"
#include "support/test_registry.h"

#include <QtTest>

#include <set>

namespace luthien::filter {

namespace {
using test::kSampleNow;

bool finds(const QByteArray& filter, const CallFacts& call)
{
    const auto parsed = parseFilter(filter.toStdString());
    if (!parsed)
        qCritical("%s: %s", filter.constData(), parsed.error().toString().c_str());
    return parsed && matches(*parsed, call, kSampleNow);
}

/// One filter of each predicate that finds the sample call and one that does not.
struct Pair
{
    const char* hit;
    const char* miss;
};
constexpr Pair kPairs[] = {
    {"session:derived:*", "session:DERIVED:*"},
    {"call:0190A4C2-7d5e-7b1c-9b1e-2f6d3c4b5a69", "call:0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a68"},
    {"agent:agent-?", "agent:agent-"},
    {"parent=main", "parent=Main"},
    {"client:CLAUDE-code", "client=CLAUDE-code"},
    {"client.version:2.*", "client.version:3.*"},
    {"user:ann", "user!=Ann"},
    {"trace:4bf92f*", "trace:4BF92F*"},
    {"cause:0190a4c2-7d5e-7b1c-9b1e-000000000001", "cause!=0190a4c2-7d5e-7b1c-9b1e-000000000001"},
    {"cause.policy:judge", "cause.policy:sql"},
    {"upstream:anthropic", "upstream:openai"},
    {"api:anthropic-messages", "api:openai-*"},
    {"method:post", "method=post"},
    {"path:/v1/messages*", "path:/v1/messages"},
    {"model~/^claude-(opus|sonnet)/", "model~/^opus/"},
    {"stream:yes", "stream:no"},
    {"status:truncated", "status!=truncated"},
    {"http<300", "http>=500"},
    {"stop:tool_use", "stop:max_tokens"},
    {"stop.raw:tool_use", "stop.raw:length"},
    {"error:\"was CUT\"", "error:\"cut was\""},
    {"text:\"drop table\"", "text:\"table drop\""},
    {"asked:migrat*", "asked:migrat"},
    {"result:\"permission denied\"", "result:migrations"},
    {"said:GRÖSSE or said:größe", "said:production"},
    {"thinking:production", "thinking:sorry"},
    {"begins:database", "begins:users"},
    {"messages=7", "messages>7"},
    {"tool:bash", "tool=bash"},
    {"tool.id:toolu_01*", "tool.id:TOOLU*"},
    {"tool.by:server", "tool.by:mcp"},
    {"tool.count>=2", "tool.count>2"},
    {"arg.command~/rm .*-rf/", "arg.command~/dd if=/"},
    {"verdict:block", "verdict:hold"},
    {"policy:sql", "policy:SQL"},
    {"policy.version:3f9a*", "policy.version:ffff*"},
    {"mode:shadow", "mode:off"},
    {"answered:person", "answered:timeout"},
    {"reason:\"drop table\"", "reason:sorry"},
    {"told:blocked", "told:table"},
    {"judged.tool:bash", "judged.tool:read"},
    {"matched:/command", "matched:/timeout"},
    {"score>=0.75", "score>0.75"},
    {"latency>10ms", "latency>15ms"},
    {"decisions:2", "decisions!=2"},
    {"tokens>10k", "tokens>12.3k"},
    {"input:12k", "input<12k"},
    {"output<=300", "output<300"},
    {"cache.read:0", "cache.read>0"},
    {"cache.write>50k", "cache.write>60k"},
    {"reasoning>=50", "reasoning!=50"},
    {"cost>$0.50", "cost>$0.62"},
    {"bytes:2KiB", "bytes>2KiB"},
    {"sent.bytes>8kB", "sent.bytes>8KiB"},
    {"changed>0", "changed:0"},
    {"duration:1.5m", "duration>90s"},
    {"ttfb<=300ms", "ttfb<300ms"},
    {"ttft:700ms", "ttft<700ms"},
    {"held:40.02s", "held:40s"},
    {"held.person:40s", "held.person>40s"},
    {"calls>30", "calls>31"},
    {"turns:4", "turns>4"},
    {"since:2h", "since:119m"},
    {"until:119m", "until:2h"},
    {"on:2026-11-22T10:00", "on:yesterday"},
    {"has:decision", "has:decision decisions:0"},
    {"is:judge", "is:open"},
};
} // namespace

class TestMatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPredicateHitsAndMisses_data()
    {
        QTest::addColumn<QByteArray>("hit");
        QTest::addColumn<QByteArray>("miss");
        for (const Pair& pair : kPairs)
            QTest::newRow(pair.hit) << QByteArray(pair.hit) << QByteArray(pair.miss);
    }
    void everyPredicateHitsAndMisses()
    {
        QFETCH(QByteArray, hit);
        QFETCH(QByteArray, miss);
        const CallFacts call = test::sampleCall();
        QVERIFY(finds(hit, call));
        QVERIFY(!finds(miss, call));
        QVERIFY(!finds("-(" + hit + ")", call));
        QVERIFY(finds("not (" + miss + ")", call));
    }

    void noPredicateIsLeftOut()
    {
        std::set<std::string_view> tested;
        for (const Pair& pair : kPairs) {
            const std::string_view hit = pair.hit;
            const std::string_view name = hit.substr(0, hit.find_first_of(":=!<>~"));
            tested.insert(name.starts_with("arg.") ? "arg" : name);
        }
        for (const Predicate& predicate : predicates())
            QVERIFY2(tested.contains(predicate.name), predicate.name.data());
        QVERIFY(predicates().size() >= 40);
    }

    void everyFlagHitsAndMisses_data()
    {
        QTest::addColumn<QByteArray>("filter");
        for (const Flag& flag : flags()) {
            const std::string filter = std::string(flag.predicate) + ":" + std::string(flag.name);
            QTest::newRow(filter.c_str()) << QByteArray::fromStdString(filter);
        }
    }
    /// The sample call has and is everything but open; an empty one is open, and no more.
    void everyFlagHitsAndMisses()
    {
        QFETCH(QByteArray, filter);
        const bool isOpen = filter == "is:open";
        QCOMPARE(finds(filter, test::sampleCall()), !isOpen);
        QCOMPARE(finds(filter, CallFacts()), isOpen);
    }

    void aConjunctionIsAboutOneDecisionAndOneToolCall_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* filter, bool expected) {
            QTest::newRow(*filter == '\0' ? "nothing" : filter) << QByteArray(filter) << expected;
        };
        row("verdict:block policy:sql", true);
        row("verdict:block policy:style", false);
        row("verdict:block model:claude* policy:style", false);
        row("verdict:block (policy:style or policy:sql)", true);
        row("verdict:block (policy:style mode:shadow)", false);
        row("verdict:block (policy:style or model:claude*)", true);
        row("verdict:block - -policy:style", true);
        row("tool:Bash arg.command:ls", false);
        row("tool:Read arg.command:ls", true);
        row("tool:Read tool.by:server verdict:block", true);
        row("-(tool:Bash arg.command:ls)", true);
        row("verdict:block -policy:sql", false);
        row("verdict:block policy!=sql", false);
        row("verdict:block policy!=style", true);
        row("tool!=Bash", true);
        row("-tool:Bash", false);
    }
    void aConjunctionIsAboutOneDecisionAndOneToolCall()
    {
        QFETCH(QByteArray, filter);
        QFETCH(bool, expected);
        QCOMPARE(finds(filter, test::sampleCall()), expected);
    }

    void valuesMeanWhatTheySay_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* filter, bool expected) {
            QTest::newRow(*filter == '\0' ? "nothing" : filter) << QByteArray(filter) << expected;
        };
        row("", true);
        row("drop table", true);
        row("\"drop table users now sorry\"", true);
        row("tabl", false);
        row("\"größe? —\"", true);
        row("\"drop tabl*\"", true);
        row("arg:ls", true);
        row("arg:30", true);
        row("arg.timeout:30", true);
        row("arg.tags.0.n:\"x y\"", true);
        row("arg.\"/tags/0/n\"=\"x y\"", true);
        row("arg.tags~/\"n\"/", true);
        row("arg.nothing:*", false);
        row("arg:*x?y*", true);
        row("arg~/RM/", false);
        row("arg~/RM/i", true);
        row("user=\"\"", false);
        row("api:*messages", true);
        row("status:[tc]*", false);
        row("since:today until:2026-11-22T10:00:01", true);
        row("on:today", true);
        row("on:2026-11-22T10:00:00Z", true);
        row("on:2026-11-22T10:00:00.000001Z", false);
    }
    void valuesMeanWhatTheySay()
    {
        QFETCH(QByteArray, filter);
        QFETCH(bool, expected);
        if (filter.contains('['))
            QVERIFY(!parseFilter(filter.toStdString())); // brackets are no wildcard
        else
            QCOMPARE(finds(filter, test::sampleCall()), expected);
    }

    void whatIsUnknownIsNotCompared()
    {
        for (const char* const filter :
             {"tokens!=1", "cost<1", "duration>0", "ttft:0", "calls<9", "cause!=0190a4c2-7d5e-7b1c-9b1e-000000000001"})
            QVERIFY2(!finds(filter, CallFacts()), filter);
    }

    /// In a list of decisions it is this one that must match.
    void aDecisionIsAskedByItself()
    {
        const CallFacts call = test::sampleCall();
        const auto found = [&call](const char* filter) {
            const auto parsed = parseFilter(filter);
            QByteArray which;
            for (const auto& decision : call.decisions) {
                if (matches(*parsed, call, decision, kSampleNow))
                    which += QByteArray::fromStdString(decision.policyId) + ' ';
            }
            return which;
        };
        QCOMPARE(found("model:claude*"), QByteArray("style sql "));
        QCOMPARE(found("verdict:block"), QByteArray("sql "));
        QCOMPARE(found("-verdict:block"), QByteArray("style "));
        QCOMPARE(found("verdict:block or mode:shadow"), QByteArray("style sql "));
        QCOMPARE(found("verdict:block policy:style"), QByteArray());
        QCOMPARE(found("decisions:2 policy:style"), QByteArray("style "));
    }
};

} // namespace luthien::filter

using luthien::filter::TestMatch;
LUTHIEN_TEST(tst_match, TestMatch)
#include "tst_match.moc"
