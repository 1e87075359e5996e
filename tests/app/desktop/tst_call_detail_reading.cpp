// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "desktop/call_detail_reading.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::desktop;

class TestCallDetailReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<test::SampleStore>();
        m_call = {.id = CallId::make(fromMicros(1'790'000'000'000'000))};
        m_call.events = {"{\"status\":200,\"headers\":[]}", "data: {\"a\":1}\n\n", "data: [DONE]\n\n"};
        conversation::Response reply{.id = "r", .model = "m"};
        reply.blocks = {{.text = "hello"}};
        m_call.reply = toJson(reply);
        conversation::Decision decision{.id = CallId::make(fromMicros(1)), .call = m_call.id, .seq = 1};
        decision.policyId = "p";
        m_call.decisions = {decision};
        m_store->add({.id = CallId::make(fromMicros(2))});
        m_store->add(m_call);
        m_store->add({.id = CallId::make(fromMicros(3))});
        QVERIFY(m_store->flush());
        m_reader = *m_store->openReader();
    }

    void countsItsPlace()
    {
        const auto detail = readCallDetail(*m_reader, m_call.id);
        QVERIFY(detail.hasValue());
        QCOMPARE(detail->number, 2);
        QCOMPARE(detail->calls, 3);
        QCOMPARE(detail->decisions.size(), 1U);
        QCOMPARE(detail->requestHead, std::string("{}"));
        QVERIFY(!detail->hasSentRequest);
    }

    void readsEachText()
    {
        QCOMPARE(*readCallText(*m_reader, m_call.id, CallText::Request), m_call.body);
        QCOMPARE(*readCallText(*m_reader, m_call.id, CallText::SentRequest), std::string());
        QVERIFY(readCallText(*m_reader, m_call.id, CallText::Body)->ends_with(m_call.events[1] + m_call.events[2]));
        QCOMPARE(*readCallText(*m_reader, m_call.id, CallText::Reply), m_call.reply);
        QCOMPARE(*readCallText(*m_reader, m_call.id, CallText::SentReply), std::string());
    }

    void readsEventsWithoutTheirBytes()
    {
        const auto events = readEventBriefs(*m_reader, m_call.id, 0, 100);
        QCOMPARE(events->items.size(), 5U); // the request, what came, the end
        QCOMPARE(events->items.front().size, m_call.body.size());
        QCOMPARE(events->items[2].begin, m_call.events[1]);
        QCOMPARE(*readEvent(*m_reader, m_call.id, 2), m_call.events[1]);
        const auto missing = readEvent(*m_reader, m_call.id, 77);
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
    }

    void writesEachForm()
    {
        const auto curl = readCallForm(*m_reader, m_call.id, CallForm::Curl, "http://h");
        QVERIFY(curl->starts_with("curl "));
        QVERIFY(curl->find(m_call.body) != std::string::npos);
        const auto json = readCallForm(*m_reader, m_call.id, CallForm::Json, {});
        QCOMPARE(std::count(json->begin(), json->end(), '\n'), 1 + 5 + 1);
        QVERIFY(readCallForm(*m_reader, m_call.id, CallForm::Markdown, {})->find("hello") != std::string::npos);
    }

    void linksWhatWasSentAgainBothWays()
    {
        const test::SampleCall again{.id = CallId::make(fromMicros(5)), .session = "resent-" + m_call.id.toString()};
        const test::SampleCall ofNone{.id = CallId::make(fromMicros(6)),
                                      .session = "resent-" + CallId::make(fromMicros(7)).toString()};
        m_store->add(again);
        m_store->add(ofNone);
        QVERIFY(m_store->flush());
        const auto original = readCallDetail(*m_reader, m_call.id);
        QCOMPARE(original->resends, 1);
        QVERIFY(original->original.isNil());
        const auto resent = readCallDetail(*m_reader, again.id);
        QCOMPARE(resent->original, m_call.id);
        QCOMPARE(resent->originalSession, m_call.session);
        QCOMPARE(resent->resends, 0);
        const auto orphan = readCallDetail(*m_reader, ofNone.id);
        QVERIFY2(orphan && orphan->original.isNil(), "the call it names is not in the record");
    }

    void knowsNoSuchCall()
    {
        const CallId nobody = CallId::make(fromMicros(9));
        QVERIFY(!readCallDetail(*m_reader, nobody));
        QVERIFY(!readCallForm(*m_reader, nobody, CallForm::Curl, {}));
    }

private:
    std::unique_ptr<test::SampleStore> m_store;
    test::SampleCall m_call;
    std::unique_ptr<store::Reader> m_reader;
};

LUTHIEN_TEST(tst_call_detail_reading, TestCallDetailReading)
#include "tst_call_detail_reading.moc"
