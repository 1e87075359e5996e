// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_figures.h"
#include "scripted_review.h"
#include "support/test_registry.h"

#include <numeric>

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::policy::test;

class TestPolicyFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_script = {};
        script = &m_script;
    }

    void everyAnswerCountsWithTheTimeItTook()
    {
        PolicyFigures figures;
        Reviewed call({});
        call.chain =
            *Chain::build(kTypes, {toolPolicy("a"), toolPolicy("off", PolicyMode::Off)}, {.figures = &figures});
        call.open();
        (void)call.tool("1");
        m_script.held = {"a tool 2"};
        QVERIFY(!call.tool("2", 1));
        QCOMPARE(total(figures.of("a")), 1U); // what is not answered is not counted
        call.clock.at += 3ms;
        m_script.held.clear();
        (void)call.tool("2", 1);
        QCOMPARE(total(figures.of("a")), 2U);
        QCOMPARE(quantileOf(figures.of("a"), 0.5), 0us);
        QVERIFY(quantileOf(figures.of("a"), 0.99) >= 3ms && quantileOf(figures.of("a"), 0.99) < 4ms);
        QCOMPARE(total(figures.of("off")), 0U);
        QVERIFY(figures.of("gone").empty());
    }

    void aNewVersionCountsOn()
    {
        PolicyFigures figures;
        for (const char* const config : {R"({"tools":1})", R"({"tools":2})"}) {
            Reviewed call({});
            call.chain = *Chain::build(kTypes, {toolPolicy("a", kEnforce, config)}, {.figures = &figures});
            call.open();
            (void)call.tool("1");
        }
        QCOMPARE(total(figures.of("a")), 2U);
    }

    void policiesAreBounded()
    {
        PolicyFigures figures;
        const auto kept = figures.histogramOf("first");
        for (std::size_t i = 0; i < PolicyFigures::kMaxPolicies; ++i)
            (void)figures.histogramOf("p" + std::to_string(i));
        kept->add(1ms); // a chain that still has it goes on
        QVERIFY(figures.of("first").empty());
        QVERIFY(!figures.of("p999").empty());
    }

private:
    static std::uint64_t total(const LatencyCounts& counts)
    {
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
    }

    Script m_script;
};

LUTHIEN_TEST(tst_policy_figures, TestPolicyFigures)
#include "tst_policy_figures.moc"
