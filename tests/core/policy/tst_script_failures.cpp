// SPDX-License-Identifier: Apache-2.0
#include "policy/script_failures.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;

class TestScriptFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastFailureOfEachPolicyIsKept()
    {
        ScriptFailures failures;
        QVERIFY(!failures.of("a"));
        failures.note("a", fromMicros(1), "line 3: first");
        failures.note("b", fromMicros(2), "other");
        failures.note("a", fromMicros(3), "two\nlines");
        QCOMPARE(failures.of("a")->message, std::string("two lines"));
        QCOMPARE(failures.of("a")->at, fromMicros(3));
        QCOMPARE(failures.of("a")->count, std::uint64_t(2));
        QCOMPARE(failures.of("b")->count, std::uint64_t(1));
    }

    void messagesAndPoliciesAreBounded()
    {
        ScriptFailures failures;
        failures.note("a", {}, std::string(100'000, 'x'));
        QVERIFY(failures.of("a")->message.size() <= ScriptFailures::kMaxMessageCharacters + 3);
        for (std::size_t i = 0; i < ScriptFailures::kMaxPolicies; ++i)
            failures.note("p" + std::to_string(i), {}, "x");
        QVERIFY(!failures.of("a"));
        QVERIFY(failures.of("p999"));
    }
};

LUTHIEN_TEST(tst_script_failures, TestScriptFailures)
#include "tst_script_failures.moc"
