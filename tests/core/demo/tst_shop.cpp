// SPDX-License-Identifier: Apache-2.0
#include "demo/shop.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <filesystem>

using namespace luthien;
using namespace luthien::demo;

class TestShop : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasTheSameRowsEachTime();
    void seesWhichTableChanged();
    void keepsWhatWasRun();
    void refuses_data();
    void refuses();
    void boundsWhatItPrints();
};

void TestShop::hasTheSameRowsEachTime()
{
    QTemporaryDir first;
    QTemporaryDir second;
    auto one = Shop::make(first.path().toStdString());
    auto other = Shop::make(second.path().toStdString());
    QVERIFY(one && other);
    const auto state = one->survey();
    QVERIFY(state && state->tables.size() == 3);
    QCOMPARE(state->find("customers")->rows, 240);
    QCOMPARE(state->find("orders")->rows, 600);
    QCOMPARE(state->find("inventory")->rows, 120);
    QVERIFY(*state == *other->survey());
    QVERIFY(state->find("suppliers") == nullptr);
}

void TestShop::seesWhichTableChanged()
{
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    const auto before = shop->survey();
    QVERIFY(shop->run("UPDATE orders SET quantity = 9 WHERE id = 7; DROP TABLE customers;"));
    const auto after = shop->survey();
    QVERIFY(!after->find("customers")->exists);
    QCOMPARE(after->find("customers")->rows, 0);
    QCOMPARE(after->find("orders")->rows, 600);
    QVERIFY(after->find("orders")->sha256 != before->find("orders")->sha256);
    QVERIFY(*after->find("inventory") == *before->find("inventory"));
}

void TestShop::keepsWhatWasRun()
{
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    QCOMPARE(shop->run("SELECT id, item FROM inventory WHERE id < 3 ORDER BY id; -- why\n SELECT NULL, '';").value(),
             std::string("1|item 001\n2|item 002\n|\n"));
    QVERIFY(std::filesystem::file_size(std::filesystem::path(directory.path().toStdString()) / Shop::kFileName) > 0);
}

void TestShop::refuses_data()
{
    QTest::addColumn<std::string>("sql");
    QTest::newRow("what is no SQL") << std::string("DORP TABLE customers");
    QTest::newRow("another file") << std::string("ATTACH '/tmp/other.db' AS other");
    QTest::newRow("a copy elsewhere") << std::string("VACUUM INTO 'copy.db'");
    QTest::newRow("settings") << std::string("PRAGMA journal_mode = WAL");
    QTest::newRow("a library") << std::string("SELECT load_extension('x')");
    QTest::newRow("a statement without an end")
        << std::string("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
}

void TestShop::refuses()
{
    QFETCH(std::string, sql);
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    const auto before = shop->survey();
    QCOMPARE(shop->run(sql).error().code, ErrorCode::InvalidInput);
    QVERIFY(*shop->survey() == *before);
}

void TestShop::boundsWhatItPrints()
{
    QTemporaryDir directory;
    auto shop = Shop::make(directory.path().toStdString());
    const auto text = shop->run("SELECT a.id, b.email FROM orders a, customers b");
    QVERIFY(text);
    QVERIFY(text->size() <= 16 * 1024 && text->ends_with('\n'));
}

LUTHIEN_TEST(tst_shop, TestShop)
#include "tst_shop.moc"
