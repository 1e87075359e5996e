// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "store/setting_table.h"
#include "support/test_registry.h"

#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::TestDatabase;

class TestSettingTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void whatWasSetLastIsRead();
    void eachInstanceHasItsOwn();
};

namespace {
/// The error, or nothing.
std::string save(Store& store, const std::string& key, const std::optional<std::string>& value)
{
    auto saved = std::make_shared<std::promise<Result<void>>>();
    auto answer = saved->get_future();
    store.saveSetting(key, value, [saved](const Result<void>& done) { saved->set_value(done); });
    if (answer.wait_for(std::chrono::seconds(20)) != std::future_status::ready)
        return "not saved in time";
    const Result<void> done = answer.get();
    return done ? std::string() : done.error().toString();
}

Settings settingsOf(Store& store)
{
    const auto reader = store.openReader();
    const auto settings = reader ? (*reader)->settings() : Result<Settings>(reader.error());
    return settings ? *settings : Settings{{"failed", settings.error().toString()}};
}
} // namespace

void TestSettingTable::whatWasSetLastIsRead()
{
    const TestDatabase directory;
    {
        const auto store = openStore(directory);
        QCOMPARE(settingsOf(*store), Settings());
        QCOMPARE(save(*store, "limits.idle", "60s"), std::string());
        QCOMPARE(save(*store, "limits.idle", "90s"), std::string());
        QCOMPARE(save(*store, "logs", "it's \"quoted\"; -- \xc3\xa9"), std::string());
        QCOMPARE(save(*store, "workers", "2"), std::string());
        QCOMPARE(save(*store, "workers", std::nullopt), std::string());
        QCOMPARE(save(*store, "never.set", std::nullopt), std::string());
    }
    const auto store = openStore(directory);
    QCOMPARE(settingsOf(*store), (Settings{{"limits.idle", "90s"}, {"logs", "it's \"quoted\"; -- \xc3\xa9"}}));
}

void TestSettingTable::eachInstanceHasItsOwn()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QCOMPARE(save(*store, "limits.idle", "60s"), std::string());
    QVERIFY(directory.connect()->run(QStringLiteral("UPDATE setting SET instance_id = 77")));
    QCOMPARE(settingsOf(*store), Settings());
    QCOMPARE(save(*store, "limits.idle", std::nullopt), std::string());
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM setting")), 1);
}

LUTHIEN_TEST(tst_setting_table, TestSettingTable)
#include "tst_setting_table.moc"
