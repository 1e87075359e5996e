// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/resend.h"
#include "fake_call_details.h"
#include "fake_policies.h"
#include "fake_sender.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestResend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_source = std::make_unique<test::FakeCallDetails>();
        m_sender = std::make_unique<test::FakeSender>();
        m_source->detail = test::changedCall();
        m_source->texts[CallText::Request] = "{\"model\":\"m\"}";
        m_source->texts[CallText::Reply] = "{\"said\":\"old\"}";
        m_policies = std::make_unique<test::FakePolicies>();
        m_policies->add({.id = "rules", .type = "tool-rules", .config = "{}"});
        m_editor = std::make_unique<PolicyEditor>(*m_policies);
        m_tried.clear();
        m_resend = std::make_unique<Resend>(*m_source, *m_sender, *m_editor, [this](const policy::Definition& draft) {
            m_tried.push_back(draft);
            return m_trial;
        });
        m_resend->open(QString::fromStdString(m_source->detail.call.id.toString()));
        m_trial = std::string("the-token");
        QVERIFY(!m_resend->isReady());
        m_source->answer();
        QVERIFY(m_resend->isReady());
    }

    void showsTheNewReplyBesideTheOldOne()
    {
        QVERIFY(m_resend->isKeyWanted());
        m_resend->send(u" the-key "_s, Resend::InForce);
        QCOMPARE(m_sender->sent.size(), 1U);
        QVERIFY(m_sender->sent[0].find("x-api-key: the-key\r\n") != std::string::npos);
        QVERIFY(m_sender->sent[0].ends_with("{\"model\":\"m\"}"));
        QVERIFY(m_resend->isRunning());
        m_resend->send(u"again"_s, Resend::InForce); // while one runs
        QCOMPARE(m_sender->sent.size(), 1U);
        becomeNewCall(conversation::CallStatus::Completed);
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        m_source->answer();
        QVERIFY(!m_resend->isRunning());
        QCOMPARE(m_resend->newSessionId(), u"resent-x"_s);
        QCOMPARE(m_resend->after(), u"Completed, HTTP 200"_s);
        QVERIFY(m_resend->before().startsWith(u"Completed, HTTP 200. "_s));
        QCOMPARE(m_resend->newReply()->index(0).data(JsonTreeModel::ValueRole).toString(), u"\"new\""_s);
        QCOMPARE(m_resend->oldReply()->index(0).data(JsonTreeModel::ValueRole).toString(), u"\"old\""_s);
        QVERIFY(m_resend->differences()->count() > 0);
        QVERIFY(m_resend->isReady());
    }

    void showsTheProxyItsToken()
    {
        m_sender->proxyToken = "of-this-proxy";
        m_resend->send({}, Resend::InForce);
        QVERIFY(m_sender->sent.at(0).find("x-luthien-token: of-this-proxy\r\n") != std::string::npos);
    }

    // The reply is over before the record has it.
    void waitsForTheRecord()
    {
        m_resend->send({}, Resend::InForce);
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        m_source->answer(); // there is no such call yet
        QVERIFY(m_resend->isRunning());
        QCOMPARE(m_resend->problem(), QString());
        becomeNewCall(conversation::CallStatus::Completed);
        live::Committed committed;
        committed.calls.push_back(
            {.id = newCall(), .session = "resent-x", .status = conversation::CallStatus::Completed});
        m_resend->applyLive({.events = {committed}});
        m_source->answer();
        QVERIFY(!m_resend->isRunning());
        QVERIFY(!m_resend->after().isEmpty());
    }

    void tellsWhyItFailed()
    {
        m_resend->send({}, Resend::InForce);
        Q_EMIT m_sender->failed(m_sender->lastToken, u"Connection refused"_s);
        QCOMPARE(m_resend->problem(), u"Connection refused"_s);
        QVERIFY(m_resend->isReady());
        m_resend->send(u"a\nb"_s, Resend::InForce);
        QCOMPARE(m_sender->sent.size(), 1U);
        QVERIFY(!m_resend->problem().isEmpty());
    }

    void sendsUnderADraftWhereThereIsOne()
    {
        QSignalSpy drafts(m_resend.get(), &Resend::draftChanged);
        m_editor->openPolicy(u"rules"_s);
        QCOMPARE(m_resend->draft(), QString()); // nothing was changed
        m_resend->send({}, Resend::WithDraft);
        QVERIFY(m_sender->sent.empty() && m_tried.empty());
        m_editor->setName(u"No\u202Ewiping"_s);
        QVERIFY(!drafts.isEmpty());
        QCOMPARE(m_resend->draft(), u"No‹U+202E›wiping"_s);
        m_resend->send({}, Resend::WithDraft);
        QCOMPARE(m_tried.size(), 1U);
        QCOMPARE(m_tried[0], m_editor->draft());
        QVERIFY(m_sender->sent.at(0).find("x-luthien-trial: the-token\r\n") != std::string::npos);
        becomeNewCall(conversation::CallStatus::Completed);
        m_source->detail.requestHead =
            "{\"method\":\"POST\",\"target\":\"/\",\"headers\":[[\"X-Luthien-Trial\",\"draft of rules\"]]}";
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        m_source->answer();
        QCOMPARE(m_resend->trial(), u"draft of rules"_s);
        m_resend->send({}, Resend::InForce);
        QVERIFY(m_sender->sent.at(1).find("luthien-trial") == std::string::npos);
        QCOMPARE(m_resend->trial(), QString());
    }

    void aDraftThatCannotRunIsNotSent()
    {
        m_editor->openPolicy(u"rules"_s);
        m_editor->setName(u"x"_s);
        m_trial =
            Error{.code = ErrorCode::InvalidInput, .message = "no such tool", .context = "policies[rules].config"};
        m_resend->send({}, Resend::WithDraft);
        QVERIFY(m_sender->sent.empty());
        QVERIFY(m_resend->problem().contains(u"no such tool"_s));
        QVERIFY(m_resend->isReady());
    }

    // A provider, or a person who is asked, may take minutes.
    void isStopped()
    {
        m_resend->stop(); // nothing runs
        const int before = m_sender->cancels;
        m_resend->send({}, Resend::InForce);
        const quint64 stopped = m_sender->lastToken;
        m_resend->stop();
        QCOMPARE(m_sender->cancels, before + 1);
        QVERIFY(m_resend->isReady());
        QCOMPARE(m_resend->problem(), QString());
        m_resend->send({}, Resend::InForce);
        QCOMPARE(m_sender->sent.size(), 2U);
        Q_EMIT m_sender->answered(stopped, newCall(), 200); // it was on its way
        QVERIFY(m_resend->newCallId().isEmpty());
        becomeNewCall(conversation::CallStatus::Completed);
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        m_source->answer();
        QVERIFY(!m_resend->isRunning());
        QVERIFY(m_resend->before().startsWith(u"Completed, HTTP 200. "_s)); // the original is still that
    }

    void saysThatTheNewReplyCannotBeRead()
    {
        m_resend->send({}, Resend::InForce);
        becomeNewCall(conversation::CallStatus::Completed);
        m_source->texts.erase(CallText::Reply);
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        m_source->answer();
        QVERIFY(!m_resend->isRunning());
        QCOMPARE(m_resend->problem(), u"there is no such text"_s);
        QVERIFY(m_resend->isReady());
    }

    void closingGivesUp()
    {
        m_resend->send({}, Resend::InForce);
        const int before = m_sender->cancels;
        m_resend->close();
        QCOMPARE(m_sender->cancels, before + 1);
        Q_EMIT m_sender->answered(m_sender->lastToken, newCall(), 200);
        QCOMPARE(m_source->answer(), 0);
        QVERIFY(!m_resend->isReady());
    }

private:
    static CallId newCall() { return test::FakeConversation::idOf(99); }
    void becomeNewCall(conversation::CallStatus status)
    {
        m_source->detail.call.id = newCall();
        m_source->detail.call.identity.session = "resent-x";
        m_source->detail.call.status = status;
        m_source->detail.decisions.clear();
        m_source->texts[CallText::Reply] = "{\"said\":\"new\"}";
    }

    std::unique_ptr<test::FakeCallDetails> m_source;
    std::unique_ptr<test::FakeSender> m_sender;
    std::unique_ptr<test::FakePolicies> m_policies;
    std::unique_ptr<PolicyEditor> m_editor;
    std::vector<policy::Definition> m_tried;
    Result<std::string> m_trial{std::string("the-token")};
    std::unique_ptr<Resend> m_resend;
};

LUTHIEN_TEST(tst_resend, TestResend)
#include "tst_resend.moc"
