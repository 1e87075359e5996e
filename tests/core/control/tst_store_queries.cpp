// SPDX-License-Identifier: Apache-2.0
#include "control/store_queries.h"
#include "filter/parser.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

#include <future>

using namespace luthien;
using namespace luthien::control;
using test::SampleStore;

class TestStoreQueries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pagesLeadThroughAllEvents();
    void listsCallsByStart();
    void tellsTheHeadOfTheEvidence();
    void listsDecisions_data();
    void listsDecisions();
    void unknownIdsAreNotFound_data();
    void unknownIdsAreNotFound();
    void refusesMoreThanCanWait();
    void saysWhenTheStoreCannotBeOpened();

private:
    SampleStore m_store;
    CallId m_first = CallId::make(fromMicros(1'000'000));
    CallId m_second = CallId::make(fromMicros(2'000'000));
};

void TestStoreQueries::initTestCase()
{
    conversation::Decision decision{.id = m_first, .call = m_first, .at = fromMicros(5), .seq = 3, .policyId = "late"};
    conversation::Decision earlier{.id = m_second, .call = m_first, .at = fromMicros(4), .seq = 1, .policyId = "early"};
    m_store.add({.id = m_first, .decisions = {decision, earlier}});
    m_store.add({.id = m_second});
    QVERIFY(m_store.flush());
}

void TestStoreQueries::pagesLeadThroughAllEvents()
{
    const auto reader = m_store.openReader();
    std::string seen;
    Route route{.resource = Resource::CallEvents, .call = m_first, .limit = 2};
    for (int page = 0; page < 3; ++page) {
        const auto list = boost::json::parse(std::get<std::string>(queryStore(**reader, route))).as_object();
        for (const auto& item : list.at("items").as_array())
            seen += std::to_string(item.at("seq").as_int64());
        if (list.at("next").is_null())
            break;
        route.fromSeq = static_cast<std::uint32_t>(std::stoul(list.at("next").as_string().c_str()));
        seen += '|';
    }
    QCOMPARE(seen, "01|23");
}

void TestStoreQueries::listsCallsByStart()
{
    const auto reader = m_store.openReader();
    const auto answer = queryStore(**reader, {.resource = Resource::SessionCalls, .session = "sess-1", .limit = 1});
    const auto list = boost::json::parse(std::get<std::string>(answer)).as_object();
    QCOMPARE(list.at("items").as_array().size(), 1U);
    QCOMPARE(list.at("items").at(0).at("id").as_string(), m_first.toString());
    const auto cursor = store::cursorFromText(list.at("next").as_string().c_str());
    const auto rest =
        queryStore(**reader, {.resource = Resource::SessionCalls, .session = "sess-1", .cursor = *cursor});
    const auto last = boost::json::parse(std::get<std::string>(rest)).as_object();
    QCOMPARE(last.at("items").at(0).at("id").as_string(), m_second.toString());
    QVERIFY(last.at("next").is_null());
}

void TestStoreQueries::tellsTheHeadOfTheEvidence()
{
    const auto reader = m_store.openReader();
    const auto head = (*reader)->evidenceHead();
    QVERIFY(head && head->number > 0);
    const std::string expected =
        "{\"number\":" + std::to_string(head->number) + ",\"sha256\":\"" + toHex(head->sha256) + "\",\"key_id\":null}";
    QCOMPARE(std::get<std::string>(queryStore(**reader, {.resource = Resource::Evidence})), expected);
}

void TestStoreQueries::listsDecisions_data()
{
    QTest::addColumn<Route>("route");
    QTest::addColumn<std::string>("policies");
    const Route all{.resource = Resource::Decisions};
    Route route = all;
    QTest::newRow("all of them, newest first") << route << std::string("late early ");
    route.limit = 1;
    QTest::newRow("a page") << route << std::string("late ");
    route = all;
    route.call = m_first;
    QTest::newRow("of a call, as they were taken") << route << std::string("early late ");
    route.call = m_second;
    QTest::newRow("of a call without any") << route << std::string();
    route = all;
    route.session = "sess-1";
    QTest::newRow("of a session, newest first") << route << std::string("late early ");
    route = all;
    route.filter = *filter::parseFilter("policy:e*");
    QTest::newRow("what the database finds") << route << std::string("early ");
    route.session = "sess-1";
    route.filter = *filter::parseFilter("policy~/^l/");
    QTest::newRow("what is found in memory") << route << std::string("late ");
}

void TestStoreQueries::listsDecisions()
{
    QFETCH(Route, route);
    const auto reader = m_store.openReader();
    const auto list = boost::json::parse(std::get<std::string>(queryStore(**reader, route))).as_object();
    std::string policies;
    for (const auto& item : list.at("items").as_array())
        policies += std::string(item.at("policy_id").as_string()) + ' ';
    QTEST(policies, "policies");
    QCOMPARE(list.at("next").is_null(), route.limit != 1);
}

void TestStoreQueries::unknownIdsAreNotFound_data()
{
    QTest::addColumn<Route>("route");
    const CallId unknown = CallId::make(fromMicros(3'000'000));
    QTest::newRow("session") << Route{.resource = Resource::Session, .session = "none"};
    QTest::newRow("calls of a session") << Route{.resource = Resource::SessionCalls, .session = "none"};
    QTest::newRow("call") << Route{.resource = Resource::Call, .call = unknown};
    QTest::newRow("decisions of a call") << Route{.resource = Resource::Decisions, .call = unknown};
    QTest::newRow("decisions of a session") << Route{.resource = Resource::Decisions, .session = "none"};
    QTest::newRow("events of a call") << Route{.resource = Resource::CallEvents, .call = unknown};
}

void TestStoreQueries::unknownIdsAreNotFound()
{
    QFETCH(Route, route);
    const auto reader = m_store.openReader();
    QCOMPARE(std::get<Problem>(queryStore(**reader, route)).status, 404U);
}

void TestStoreQueries::refusesMoreThanCanWait()
{
    std::promise<void> release;
    auto released = release.get_future().share();
    std::atomic<int> delivered = 0;
    {
        StoreQueries queries([this, released] {
            released.wait();
            return m_store.openReader();
        });
        int accepted = 0;
        while (accepted < 1000 && queries.ask({.resource = Resource::Sessions}, [&](Answer) { ++delivered; }))
            ++accepted;
        QVERIFY(accepted >= 128);
        QVERIFY(accepted <= 129); // one of them is being answered
        release.set_value();
    }
    QVERIFY(delivered.load() <= 129);
}

void TestStoreQueries::saysWhenTheStoreCannotBeOpened()
{
    StoreQueries queries([]() -> Result<std::unique_ptr<store::Reader>> {
        return Error{.code = ErrorCode::Io, .message = "the disk is gone"};
    });
    std::promise<Answer> promise;
    QVERIFY(
        queries.ask({.resource = Resource::Sessions}, [&](Answer answer) { promise.set_value(std::move(answer)); }));
    const Answer answer = promise.get_future().get();
    QCOMPARE(std::get<Problem>(answer).status, 503U);
    QCOMPARE(std::get<Problem>(answer).detail, "the disk is gone");
}

LUTHIEN_TEST(tst_store_queries, TestStoreQueries)
#include "tst_store_queries.moc"
