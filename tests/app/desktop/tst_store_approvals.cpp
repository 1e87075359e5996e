// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/approval_history.h"
#include "desktop/store_approvals.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <memory>

using namespace luthien;
using namespace Qt::StringLiterals;
using conversation::AnsweredBy;
using conversation::Decision;
using conversation::Verdict;
using desktop::ApprovalHistory;

namespace {
Decision decision(std::uint8_t number, const CallId& call, AnsweredBy who, Verdict verdict, const std::string& reason)
{
    return {.id = CallId({number}),
            .call = call,
            .at = fromMicros(1'790'000'000'000'000 + number),
            .policyId = "ask",
            .policyVersion = std::string(64, 'a'),
            .verdict = verdict,
            .answeredBy = who,
            .reason = reason,
            .tool = "Bash",
            .original = "{\"command\":\"run " + std::to_string(number) + "\"}"};
}
} // namespace

class TestStoreApprovals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatPeopleAndTheirRulesAnswered()
    {
        test::SampleStore store;
        test::SampleCall call;
        const std::string rule = "01a2b3c4-0000-7000-8000-00000000beef";
        call.decisions = {
            decision(1, call.id, AnsweredBy::Policy, Verdict::Block, "Something else."),
            decision(2, call.id, AnsweredBy::Person, Verdict::Continue, "A person allowed it."),
            decision(3, call.id, AnsweredBy::Timeout, Verdict::Block, "Nobody answered in time: because."),
            decision(4, call.id, AnsweredBy::Policy, Verdict::Continue,
                     "A rule that a person made (" + rule + ") allowed it."),
            decision(5, call.id, AnsweredBy::Person, Verdict::Replace, "A person allowed it with other arguments."),
            decision(6, call.id, AnsweredBy::Error, Verdict::Hold, "The client left while it waited for a person."),
            decision(7, call.id, AnsweredBy::Error, Verdict::Block, "A script failed."),
        };
        store.add(call);
        QVERIFY(store.flush());
        const SystemClock clock;
        std::unique_ptr<desktop::StoreApprovals> source;
        desktop::ReaderThread reader([&store] { return store.openReader(); });
        source = std::make_unique<desktop::StoreApprovals>(reader);
        ApprovalHistory history(*source, clock);
        const auto summaries = [&history] {
            QStringList lines;
            for (int row = 0; row < history.count(); ++row)
                lines += history.data(history.index(row), ApprovalHistory::SummaryRole).toString().last(1);
            return lines.join(u' ');
        };
        history.setActive(true);
        QTRY_COMPARE(summaries(), u"6 5 4 3 2"_s);
        QCOMPARE(history.data(history.index(2), ApprovalHistory::RuleIdRole).toString().toStdString(), rule);
        history.setPart(ApprovalHistory::AllowedPart);
        QTRY_COMPARE(summaries(), u"2"_s);
        history.setPart(ApprovalHistory::RulePart);
        QTRY_COMPARE(summaries(), u"4"_s);
        history.setPart(ApprovalHistory::LatePart);
        QTRY_COMPARE(summaries(), u"3"_s);
        history.setPart(ApprovalHistory::All);
        history.setFilter(u"verdict:replace"_s);
        QTRY_COMPARE(summaries(), u"5"_s);
        QVERIFY(!history.hasMore() && history.error().isEmpty());
    }
};

LUTHIEN_TEST(tst_store_approvals, TestStoreApprovals)
#include "tst_store_approvals.moc"
