// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"
#include "desktop/store_conversation.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestStoreConversation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 5; ++i) {
            test::SampleCall call;
            call.id = CallId::make(fromMicros(1'790'000'000'000'000 + i));
            if (i == 3) {
                conversation::Decision decision{.id = CallId::make(fromMicros(1)), .call = call.id};
                decision.policyId = "sql";
                call.decisions.push_back(decision);
            }
            m_ids.push_back(call.id);
            m_store.add(call);
        }
        QVERIFY(m_store.flush());
    }

    void findsCalls_data()
    {
        QTest::addColumn<CallSearch::What>("what");
        QTest::addColumn<int>("found");
        QTest::newRow("this one") << CallSearch::What::This << 2;
        QTest::newRow("any, the first") << CallSearch::What::Any << 0;
        QTest::newRow("one with a decision") << CallSearch::What::WithDecision << 3;
        QTest::newRow("none has a tool") << CallSearch::What::WithTool << -1;
    }
    void findsCalls()
    {
        QFETCH(CallSearch::What, what);
        QFETCH(int, found);
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreConversation source(reader);
        QSignalSpy answered(&source, &ConversationSource::callFound);
        source.findCall({.session = "sess-1", .what = what, .call = m_ids[2]});
        QTRY_COMPARE(answered.size(), 1);
        const auto call = answered.first().first().value<std::shared_ptr<const FoundCall>>();
        QCOMPARE(call->call, found < 0 ? CallId() : m_ids[static_cast<std::size_t>(found)]);
    }

    void readsOnlyOneAgentsCalls_data()
    {
        QTest::addColumn<QString>("agent");
        QTest::addColumn<int>("calls");
        QTest::newRow("the main one, which has no label") << QString() << 5;
        QTest::newRow("one that did nothing here") << u"other"_s << 0;
    }
    void readsOnlyOneAgentsCalls()
    {
        QFETCH(QString, agent);
        QFETCH(int, calls);
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreConversation source(reader);
        QSignalSpy answered(&source, &ConversationSource::callsLoaded);
        source.loadCalls({.session = "sess-1", .limit = 16, .scope = {.agent = agent.toStdString()}});
        QTRY_COMPARE(answered.size(), 1);
        const auto loaded = answered.first().first().value<std::shared_ptr<LoadedCalls>>();
        QCOMPARE(loaded->error, QString());
        QCOMPARE(static_cast<int>(loaded->calls.size()), calls);
    }

    // To the microsecond, as a timeline marks it; also for what is found in it.
    void readsOnlyWhatBeganInARange()
    {
        ReaderThread reader([this] { return m_store.openReader(); });
        StoreConversation source(reader);
        QSignalSpy answered(&source, &ConversationSource::callsLoaded);
        source.loadCalls({.session = "sess-1", .order = store::Order::Ascending, .limit = 16, .scope = {}});
        QTRY_COMPARE(answered.size(), 1);
        const auto all = answered.takeFirst().first().value<std::shared_ptr<LoadedCalls>>();
        const TimePoint second = all->calls.at(1).call().startedAt;
        const TimePoint third = all->calls.at(2).call().startedAt;
        const CallScope scope{.agent = "", .began = CallScope::Range{.from = second, .to = third}};
        source.loadCalls({.session = "sess-1", .order = store::Order::Ascending, .limit = 16, .scope = scope});
        QTRY_COMPARE(answered.size(), 1);
        const auto some = answered.takeFirst().first().value<std::shared_ptr<LoadedCalls>>();
        QCOMPARE(some->error, QString());
        QCOMPARE(some->calls.size(), 1U);
        QCOMPARE(some->calls[0].call().id, all->calls[1].call().id);
        QVERIFY(!some->more);
        QSignalSpy places(&source, &ConversationSource::placesLoaded);
        source.loadPlaces(0, "sess-1", scope, std::nullopt);
        QTRY_COMPARE(places.size(), 1);
        QCOMPARE(places[0][0].value<std::shared_ptr<const LoadedPlaces>>()->places.size(), 1U);
    }

    // Oldest first, each once, and only where somebody looks.
    void findsTheCallsThatBroughtTheWords()
    {
        const QTemporaryDir directory;
        const auto opened = store::Store::open(
            {.directory = directory.path().toStdString(), .ballastBytes = 0, .readTexts = archive::readTexts});
        QVERIFY(opened.hasValue());
        const std::vector<CallId> told{say(**opened, 1, "sess-1", "a needle here"), say(**opened, 2, "sess-1", "hay"),
                                       say(**opened, 3, "sess-1", "another needle"),
                                       say(**opened, 4, "sess-2", "a needle elsewhere")};
        QVERIFY((*opened)->flush(std::chrono::seconds(20)).hasValue());
        ReaderThread reader([&opened] { return (*opened)->openReader(); });
        StoreConversation source(reader);
        std::shared_ptr<const FoundTextCalls> found;
        connect(&source, &ConversationSource::textsFound, this, [&found](const auto& answer) { found = answer; });
        TextRequest request{.session = "sess-1", .words = "needle", .scope = {}};
        const auto ask = [&] {
            found.reset();
            ++request.serial;
            source.findTexts(request);
            return QTest::qWaitFor([&found] { return found != nullptr; }, 20'000);
        };
        // The index is written beside the record, soon after it.
        QTRY_VERIFY_WITH_TIMEOUT(ask() && found->calls.size() == 2, 20'000);
        QCOMPARE(found->calls[0].second, told[0]);
        QCOMPARE(found->calls[1].second, told[2]);
        QVERIFY(!found->more);
        request.scope = {.agent = "other"};
        QVERIFY(ask());
        QCOMPARE(found->calls.size(), 0U);
        request = {.session = "sess-1", .words = "\"open", .scope = {}};
        request.serial = 1000;
        QVERIFY(ask());
        QVERIFY(!found->error.isEmpty());
    }

private:
    static CallId say(store::Store& store, int number, const char* session, const std::string& said)
    {
        const auto sink = store.makeSink(number);
        const TimePoint at = fromMicros(1'790'000'000'000'000 + number);
        const CallId id = CallId::make(at);
        const std::string body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}";
        sink->opened({.call = id,
                      .at = at,
                      .identity = {.session = session, .client = "sample"},
                      .api = conversation::Api::OpenAiChat,
                      .path = "/v1/chat/completions"});
        const auto begin = static_cast<std::uint32_t>(body.find('[') + 1);
        const std::vector<conversation::Span> messages{{begin, static_cast<std::uint32_t>(body.size() - 2 - begin)}};
        sink->request({.call = id, .at = at, .head = "{}", .body = body, .messages = messages});
        sink->ended({.call = id, .seq = 1, .at = at + std::chrono::milliseconds(1), .httpStatus = 200});
        return id;
    }

    test::SampleStore m_store;
    std::vector<CallId> m_ids;
};

LUTHIEN_TEST(tst_store_conversation, TestStoreConversation)
#include "tst_store_conversation.moc"
