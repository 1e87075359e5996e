// SPDX-License-Identifier: Apache-2.0
#include "store/store_condition.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using Server = StoreCondition::Server;

class TestStoreCondition : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readersPauseWithTheServerOnly_data();
    void readersPauseWithTheServerOnly();
    void readersMayAskAServerThatOnlyRefusedAValue();
    void eachTurnOfTheBreakerIsCountedOnce();
    void keepsWhatTheDatabaseSaidUntilAllIsWell();
    void whoSeesAStateFindsItsReason();
};

void TestStoreCondition::readersPauseWithTheServerOnly_data()
{
    QTest::addColumn<Server>("server");
    QTest::addColumn<Breaker::State>("breaker");
    QTest::addColumn<bool>("pause");
    QTest::newRow("SQLite in trouble is read") << Server::None << Breaker::State::Open << false;
    QTest::newRow("a server in trouble is not") << Server::Shared << Breaker::State::Open << true;
    QTest::newRow("nor one that is being tried") << Server::Shared << Breaker::State::HalfOpen << true;
    QTest::newRow("a server that works is") << Server::Shared << Breaker::State::Closed << false;
}

void TestStoreCondition::readersPauseWithTheServerOnly()
{
    QFETCH(const Server, server);
    QFETCH(const Breaker::State, breaker);
    StoreCondition condition(server, nullptr);
    const auto readersPause = condition.readersPause(); // readers hold it
    condition.breakerMoved(Breaker::State::Closed, breaker);
    QTEST(readersPause->load(), "pause");
}

void TestStoreCondition::readersMayAskAServerThatOnlyRefusedAValue()
{
    StoreCondition condition(Server::Shared, nullptr);
    condition.breakerMoved(Breaker::State::Closed, Breaker::State::Open);
    condition.letReadersAsk();
    QVERIFY(!condition.readersPause()->load());
}

void TestStoreCondition::eachTurnOfTheBreakerIsCountedOnce()
{
    using enum Breaker::State;
    Metrics metrics;
    StoreCondition condition(Server::None, &metrics);
    const std::pair<Breaker::State, Breaker::State> turns[] = {{Closed, Closed},  {Closed, Open},   {Open, Open},
                                                               {Open, HalfOpen},  {HalfOpen, Open}, {Open, HalfOpen},
                                                               {HalfOpen, Closed}};
    for (const auto& [before, after] : turns)
        condition.breakerMoved(before, after);
    QCOMPARE(metrics.value(Metric::StoreBreakerOpens), 1);
    QCOMPARE(metrics.value(Metric::StoreBreakerTrials), 2);
    QCOMPARE(metrics.value(Metric::StoreBreakerCloses), 1);
}

void TestStoreCondition::keepsWhatTheDatabaseSaidUntilAllIsWell()
{
    StoreCondition condition(Server::None, nullptr);
    QCOMPARE(condition.state(), StoreState::Ok);
    condition.set(StoreState::Broken, 1 << 20, "database is locked");
    QCOMPARE(condition.state(), StoreState::Broken);
    QCOMPARE(condition.trouble(), "database is locked");
    condition.set(StoreState::Ok, 0, {});
    QCOMPARE(condition.state(), StoreState::Ok);
    QCOMPARE(condition.trouble(), "");
}

namespace {
const StoreCondition* s_watched = nullptr;
std::string s_seen; // when the change was logged
} // namespace

void TestStoreCondition::whoSeesAStateFindsItsReason()
{
    StoreCondition condition(Server::None, nullptr);
    s_watched = &condition;
    const auto before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {
        s_seen = s_watched->state() == StoreState::Broken ? s_watched->trouble() : "not yet";
    });
    condition.set(StoreState::Broken, 0, "database is locked");
    qInstallMessageHandler(before);
    QCOMPARE(s_seen, std::string("database is locked"));
}

LUTHIEN_TEST(tst_store_condition, TestStoreCondition)
#include "tst_store_condition.moc"
