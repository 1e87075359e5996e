// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict_memory.h"
#include "support/test_registry.h"

#include <string>

using namespace luthien;
using namespace luthien::policy;
using conversation::AnsweredBy;
using conversation::Verdict;
using namespace std::chrono_literals;

namespace {

class SetClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] SteadyPoint steady() const override { return at; }
    SteadyPoint at{1h};
};

constexpr VerdictSubject kSubject{.session = "s", .requestHash = "h", .policyVersion = "v", .judged = "j"};

class TestVerdictMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysAgainWhatWasSaidUntilItExpires()
    {
        VerdictMemory memory(m_clock);
        QVERIFY(!memory.find(kSubject));
        memory.remember(kSubject, {.verdict = Verdict::Block, .reason = "No."});
        QCOMPARE(memory.find(kSubject)->reason, std::string("No."));
        memory.remember(kSubject, {.verdict = Verdict::Block, .reason = "Still no."});
        QCOMPARE(memory.find(kSubject)->reason, std::string("Still no."));
        QCOMPARE(memory.size(), std::size_t(1));
        m_clock.at += VerdictMemory::kKeptFor;
        QVERIFY(!memory.find(kSubject));
        memory.remember({.session = "other", .requestHash = "h", .policyVersion = "v", .judged = "j"}, {});
        QCOMPARE(memory.size(), std::size_t(1)); // the one that expired is gone
    }

    void everyPartOfTheQuestionCounts()
    {
        VerdictMemory memory(m_clock);
        memory.remember(kSubject, {});
        for (const VerdictSubject& other :
             {VerdictSubject{.session = "sh", .requestHash = "", .policyVersion = "v", .judged = "j"},
              VerdictSubject{.session = "s", .requestHash = "hv", .policyVersion = "", .judged = "j"},
              VerdictSubject{.session = "s", .requestHash = "h", .policyVersion = "vj", .judged = ""}})
            QVERIFY(!memory.find(other));
    }

    void keepsOnlyWhatAPolicyOrAPersonSaid()
    {
        VerdictMemory memory(m_clock);
        memory.remember(kSubject, {.verdict = Verdict::Hold});
        memory.remember(kSubject, {.answeredBy = AnsweredBy::Error});
        memory.remember(kSubject, {.answeredBy = AnsweredBy::Timeout});
        memory.remember(kSubject, {.answeredBy = AnsweredBy::Policy, .isForOnce = true});
        memory.remember(kSubject, {.reason = std::string(VerdictMemory::kMaxVerdictBytes, 'x')});
        memory.remember({.session = "s", .requestHash = "", .policyVersion = "v", .judged = "j"}, {});
        QCOMPARE(memory.size(), std::size_t(0));
    }

    void isBounded()
    {
        VerdictMemory memory(m_clock);
        const auto subject = [](const std::string& judged) {
            return VerdictSubject{.session = "s", .requestHash = "h", .policyVersion = "v", .judged = judged};
        };
        for (std::size_t i = 0; i <= VerdictMemory::kMaxVerdicts; ++i)
            memory.remember(subject(std::to_string(i)), {});
        QCOMPARE(memory.size(), VerdictMemory::kMaxVerdicts);
        QVERIFY(!memory.find(subject("0")) && memory.find(subject("1")));
        for (int i = 0; i < 200; ++i)
            memory.remember(subject("large " + std::to_string(i)), {.reason = std::string(200'000, 'x')});
        QVERIFY(memory.size() < VerdictMemory::kMaxBytes / 200'000 + 1);
    }

private:
    SetClock m_clock;
};

} // namespace

LUTHIEN_TEST(tst_verdict_memory, TestVerdictMemory)
#include "tst_verdict_memory.moc"
