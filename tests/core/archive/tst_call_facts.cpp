// SPDX-License-Identifier: Apache-2.0
#include "archive/call_facts.h"
#include "core/archive/filtered_past.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::archive {

using filter::CallFacts;
using filter::Needs;

class TestCallFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasRecordedComesBack()
    {
        test::FilteredPast past(3);
        std::vector<CallFacts> recorded;
        for (int i = 0; i < 40; ++i)
            recorded.push_back(past.record());
        const auto reader = past.reader();
        for (const CallFacts& expected : recorded) {
            const auto row = reader->call(expected.id);
            QVERIFY(row);
            auto facts = factsOf(*reader, *row, Needs::Session | Needs::Decisions | Needs::Reply | Needs::Request);
            QVERIFY(facts);
            // Of an API that nobody can read.
            std::erase_if(facts->asked,
                          [](const auto& block) { return block.kind == conversation::BlockKind::Opaque; });
            QVERIFY(facts->identity == expected.identity && facts->upstream == expected.upstream);
            QVERIFY(facts->api == expected.api && facts->method == expected.method && facts->path == expected.path);
            QVERIFY(facts->model == expected.model && facts->preview == expected.preview);
            QVERIFY(facts->stream == expected.stream && facts->status == expected.status);
            QCOMPARE(facts->httpStatus, expected.httpStatus);
            QVERIFY(facts->stopReason == expected.stopReason && facts->rawStopReason == expected.rawStopReason);
            QVERIFY(facts->startedAt == expected.startedAt && facts->firstByteAt == expected.firstByteAt);
            QVERIFY(facts->firstTokenAt == expected.firstTokenAt && facts->endedAt == expected.endedAt);
            QVERIFY(facts->heldByPolicy == expected.heldByPolicy && facts->heldByPerson == expected.heldByPerson);
            QVERIFY(facts->usage == expected.usage && facts->costNanoUsd == expected.costNanoUsd);
            QVERIFY(facts->request.bytes == expected.request.bytes);
            QVERIFY(facts->response.changedBytes == expected.response.changedBytes);
            QCOMPARE(facts->messageCount, expected.messageCount);
            QVERIFY(facts->error == expected.error && facts->cause == expected.cause);
            QVERIFY(facts->causePolicy == expected.causePolicy && facts->reply == expected.reply);
            QVERIFY(facts->sessionCalls.value_or(0) > 0 && facts->sessionTurns);
            QCOMPARE(facts->decisions.size(), expected.decisions.size());
            QCOMPARE(facts->asked.size(), expected.asked.size());
            for (std::size_t i = 0; i < expected.asked.size(); ++i)
                QVERIFY(facts->asked[i].kind == expected.asked[i].kind &&
                        facts->asked[i].text == expected.asked[i].text);
        }
    }

    void onlyWhatIsNeededIsRead()
    {
        test::FilteredPast past(4);
        const CallFacts recorded = past.record();
        const auto reader = past.reader();
        const auto facts = factsOf(*reader, *reader->call(recorded.id), Needs::Nothing);
        QVERIFY(facts && facts->decisions.empty() && facts->reply.empty() && facts->asked.empty());
        QVERIFY(!facts->sessionCalls);
    }
};

} // namespace luthien::archive

using luthien::archive::TestCallFacts;
LUTHIEN_TEST(tst_call_facts, TestCallFacts)
#include "tst_call_facts.moc"
