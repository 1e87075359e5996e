// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/inspected_call.h"
#include "desktop/store_call_detail.h"
#include "desktop/store_recording.h"
#include "fake_policies.h"
#include "protocol/redaction.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QSignalSpy>

using namespace luthien;
using namespace luthien::desktop;

class TestStoreCallDetail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<test::SampleStore>();
        m_store->add(m_call);
        QVERIFY(m_store->flush());
    }

    void answersEachRequestOnce()
    {
        std::unique_ptr<StoreCallDetail> details;
        std::unique_ptr<StoreRecording> recordings;
        ReaderThread reader([this] { return m_store->openReader(); });
        details = std::make_unique<StoreCallDetail>(reader);
        recordings = std::make_unique<StoreRecording>(reader);
        QSignalSpy loaded(details.get(), &CallDetailSource::detailLoaded);
        QSignalSpy texts(details.get(), &CallDetailSource::textLoaded);
        QSignalSpy events(details.get(), &CallDetailSource::eventsLoaded);
        QSignalSpy bytes(details.get(), &CallDetailSource::eventLoaded);
        QSignalSpy forms(details.get(), &CallDetailSource::formLoaded);
        QSignalSpy played(recordings.get(), &RecordingSource::recordingLoaded);
        details->loadDetail(1, m_call.id);
        details->loadText(1, m_call.id, CallText::Request);
        details->loadEvents(1, m_call.id, 0);
        details->loadEvent(1, m_call.id, 1);
        details->loadForm(1, m_call.id, CallForm::Curl, "http://h");
        recordings->loadRecording(1, m_call.id);
        QTRY_COMPARE(played.size(), 1);
        for (const QSignalSpy* const spy : {&loaded, &texts, &events, &bytes, &forms})
            QCOMPARE(spy->size(), 1);
    }

    void noCredentialReachesTheWindow()
    {
        const auto id = CallId::make(fromMicros(1'790'000'000'000'009));
        protocol::RequestHead asked;
        asked.method = "POST";
        asked.target = "/v1/x?key=hunter2&beta=true";
        for (const char* const name : {"Authorization", "x-api-key", "Cookie"})
            asked.fields.add(name, "Bearer hunter2");
        asked.fields.add("X-Plain", "shown");
        protocol::ResponseHead answered;
        answered.status = 200;
        answered.fields.add("Set-Cookie", "a=hunter2");
        answered.fields.add("X-Answer", "shown");
        m_store->add({.id = id,
                      .requestHead = protocol::requestHeadJson(asked),
                      .responseHead = protocol::responseHeadJson(answered)});
        QVERIFY(m_store->flush());
        std::unique_ptr<StoreCallDetail> details;
        ReaderThread reader([this] { return m_store->openReader(); });
        details = std::make_unique<StoreCallDetail>(reader);
        const test::FakePolicies policies;
        InspectedCall call(*details, policies, QStringLiteral("http://proxy"));
        QString copied;
        connect(&call, &InspectedCall::formReady, this, [&](const auto&, const QString& text) { copied = text; });
        call.show(QString::fromStdString(id.toString()));
        QTRY_VERIFY(call.isLoaded());
        call.request()->want();
        call.response()->want();
        call.copyAs(InspectedCall::Curl);
        QTRY_VERIFY(!call.request()->isLoading() && !call.response()->isLoading() && !copied.isEmpty());
        QVERIFY(call.request()->line().contains(QStringLiteral("beta=true")));
        QVERIFY(call.request()->headerValues().contains(QStringLiteral("shown")));
        QVERIFY(call.response()->headerValues().contains(QStringLiteral("shown")));
        const QStringList all = QStringList{call.request()->line(), call.response()->line(), copied} +
                                call.request()->headerValues() + call.response()->headerValues();
        QVERIFY2(!all.join(QLatin1Char(' ')).contains(QStringLiteral("hunter2")),
                 qPrintable(all.join(QLatin1Char('\n'))));
    }

    void whatIsOlderIsNotReadAnyMore()
    {
        std::unique_ptr<StoreCallDetail> details;
        ReaderThread reader([this] { return m_store->openReader(); });
        details = std::make_unique<StoreCallDetail>(reader);
        QSignalSpy loaded(details.get(), &CallDetailSource::detailLoaded);
        QSignalSpy failed(details.get(), &CallDetailSource::failed);
        details->loadDetail(5, CallId::make(fromMicros(4)));
        QTRY_COMPARE(failed.size(), 1); // there is no such call
        details->loadDetail(6, m_call.id);
        details->loadDetail(5, m_call.id);
        details->loadDetail(6, m_call.id);
        QTRY_COMPARE(loaded.size(), 2);
    }

    void aStoreThatCannotBeReadIsTold()
    {
        std::unique_ptr<StoreCallDetail> details;
        std::unique_ptr<StoreRecording> recordings;
        ReaderThread reader([]() -> Result<std::unique_ptr<store::Reader>> {
            return Error{.code = ErrorCode::Unavailable, .message = "no disk"};
        });
        details = std::make_unique<StoreCallDetail>(reader);
        recordings = std::make_unique<StoreRecording>(reader);
        QSignalSpy failed(details.get(), &CallDetailSource::failed);
        QSignalSpy unplayed(recordings.get(), &RecordingSource::failed);
        details->loadDetail(1, m_call.id);
        recordings->loadRecording(1, m_call.id);
        QTRY_COMPARE(failed.size() + unplayed.size(), 2);
        QVERIFY(failed[0][1].toString().contains(QStringLiteral("no disk")));
    }

private:
    const test::SampleCall m_call;
    std::unique_ptr<test::SampleStore> m_store;
};

LUTHIEN_TEST(tst_store_call_detail, TestStoreCallDetail)
#include "tst_store_call_detail.moc"
