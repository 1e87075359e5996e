// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/inspected_call.h"
#include "fake_call_details.h"
#include "fake_policies.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestInspectedCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<test::FakeCallDetails>();
        m_source->detail = test::changedCall();
        m_source->texts[CallText::Request] = "{\"model\":\"claude-test\"}";
        m_source->texts[CallText::Reply] = "{\"blocks\":[1]}";
        m_source->texts[CallText::SentReply] = "{\"blocks\":[2]}";
        m_source->texts[CallText::Body] = "event: a\ndata: {}\n\n";
        m_call = std::make_unique<InspectedCall>(*m_source, m_policies, u"http://proxy"_s);
    }

    void showsACall()
    {
        QVERIFY(!m_call->isLoaded());
        open();
        QCOMPARE(m_call->title(), u"WebFetch"_s);
        QCOMPARE(m_call->verdict(), u"Changed"_s);
        QVERIFY(m_call->place().startsWith(u"Call 2 of 3  ·  "_s));
        QCOMPARE(m_call->steps()->count(), 1);
        QCOMPARE(m_call->judgedTitle(), u"Sent instead"_s);
        QCOMPARE(m_call->judged()->rowCount(), 2);
        QCOMPARE(m_call->factValues().at(m_call->factNames().indexOf(u"Tokens"_s)), u"2,184 in, 80 out"_s);
        QCOMPARE(m_call->timing()->total(), u"2.5 s"_s);
    }

    void whatItsReplyComesToIsSaidIfItIsKnown()
    {
        m_source->detail.call.response = {.bytes = 5, .sha256 = Sha256::of("reply")};
        open();
        QVERIFY(m_call->factNames().contains(u"Reply"_s));
        m_source->detail.call.response = {}; // cut off by a crash
        m_call->show({});
        open();
        QVERIFY(!m_call->factNames().contains(u"Reply"_s));
    }

    void bodiesAreReadWhenSomebodyLooks()
    {
        open();
        QCOMPARE(m_source->reads(), 1);
        m_call->request()->want();
        m_source->answer();
        QCOMPARE(m_call->request()->line(), u"POST /v1/messages"_s);
        QCOMPARE(m_call->request()->headerValues(), QStringList{u"[redacted]"_s});
        QCOMPARE(m_call->request()->tree()->rowCount(), 1);
        QCOMPARE(m_call->request()->choices().size(), 1);
        m_call->response()->want();
        m_source->answer();
        QCOMPARE(m_call->response()->choices(),
                 (QStringList{u"Reply"_s, u"As it came"_s, u"As it was sent"_s, u"What differs"_s}));
        m_call->response()->choose(1);
        m_source->answer();
        QCOMPARE(m_call->response()->tree()->problem(), QString()); // a stream is no JSON, and nobody says it should be
        QCOMPARE(m_call->response()->tree()->rowCount(), 3);
        m_call->response()->choose(3);
        QVERIFY(m_call->response()->isComparing());
        m_source->answer();
        QVERIFY(m_call->response()->differences()->count() > 0);
        QVERIFY(!m_call->response()->isLoading());
    }

    void eventsComeToTheLast()
    {
        for (std::uint32_t seq = 0; seq < 8; ++seq)
            m_source->events.push_back({.seq = seq, .at = m_source->detail.call.startedAt, .size = 5});
        m_source->bytesOf[4] = "data: x\n\n";
        m_call->wantEvents(); // before there is a call
        open();
        QCOMPARE(m_call->events()->count(), 8);
        QVERIFY(m_call->areEventsLoaded());
        m_call->openEvent(4);
        m_source->answer();
        QCOMPARE(m_call->eventSeq(), 4);
        QCOMPARE(m_call->eventText()->rowCount(), 2);
        QCOMPARE(m_call->eventBytes()->rowCount(), 2);
        m_call->show({});
        QCOMPARE(m_call->events()->count(), 0);
        QCOMPARE(m_call->eventSeq(), -1);
    }

    void answersForAnotherCallAreOfNoUse()
    {
        m_call->show(QString::fromStdString(m_source->detail.call.id.toString()));
        m_call->show({});
        m_source->answer();
        QVERIFY(!m_call->isLoaded());
        m_call->show(u"00000000-0000-7000-8000-000000000009"_s);
        m_source->answer();
        QCOMPARE(m_call->problem(), u"there is no such call"_s);
    }

    void aCallThatRunsIsReadAgainWhenItIsOver()
    {
        m_source->detail.call.status = conversation::CallStatus::Open;
        open();
        m_call->request()->want();
        m_source->answer();
        const auto committed = [this](conversation::CallStatus status) {
            live::Committed event;
            event.calls.push_back({.id = m_source->detail.call.id, .session = "session", .status = status});
            m_call->applyLive({.events = {event}});
            return m_source->answer();
        };
        QCOMPARE(committed(conversation::CallStatus::Open), 0);
        m_source->detail.call.status = conversation::CallStatus::Completed;
        QVERIFY(committed(conversation::CallStatus::Completed) > 0);
        QCOMPARE(m_call->request()->tree()->rowCount(), 1); // what was looked at is looked at again
        QCOMPARE(committed(conversation::CallStatus::Completed), 0);
    }

    void isCopiedForTheProxysAddress()
    {
        open();
        QSignalSpy ready(m_call.get(), &InspectedCall::formReady);
        m_call->copyAs(InspectedCall::Markdown);
        m_source->answer();
        QCOMPARE(ready.size(), 1);
        QCOMPARE(ready[0][1].toString(), u"form of http://proxy"_s);
    }

    void whatIsPastItsTimeIsTold()
    {
        m_source->detail.call.areTextsRemoved = true;
        open();
        m_call->request()->want();
        QCOMPARE(m_source->answer(), 0);
        QVERIFY(!m_call->request()->notice().isEmpty());
    }

private:
    void open()
    {
        m_call->show(QString::fromStdString(m_source->detail.call.id.toString()));
        m_source->answer();
        QVERIFY(m_call->isLoaded());
    }

    test::FakePolicies m_policies;
    std::unique_ptr<test::FakeCallDetails> m_source;
    std::unique_ptr<InspectedCall> m_call;
};

LUTHIEN_TEST(tst_inspected_call, TestInspectedCall)
#include "tst_inspected_call.moc"
