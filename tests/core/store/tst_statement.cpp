// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "store/statement.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using luthien::test::TestDatabase;

/// What is posted is as good as what is run, whether it waits or not.
class TestStatement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void init();
    void cleanup();
    void whatIsPostedIsThereForTheNextQuery();
    void theTransactionsEndBringsIt();
    void itIsGoneWithItsTransaction();
    void anErrorComesAtTheEndAtLatest();
    void anErrorComesWithTheNextAnswer();
    void sentAtOnceItIsAboutItself();
    void largeBytesKeepTheirTurn();
    void moreThanFitsIsSentInBetween();

private:
    [[nodiscard]] Result<void> post(std::int64_t key, std::string_view value) const;
    [[nodiscard]] Result<void> postRefused() const;
    [[nodiscard]] std::int64_t count() const;

    std::unique_ptr<TestDatabase> m_test;
    std::unique_ptr<Database> m_database;
};

void TestStatement::init()
{
    m_test = std::make_unique<TestDatabase>();
    m_database = m_test->connect();
    QVERIFY(m_database && migrate(*m_database, builtInMigrations(*m_database)));
}

void TestStatement::cleanup()
{
    m_database.reset();
    m_test.reset();
}

Result<void> TestStatement::post(std::int64_t key, std::string_view value) const
{
    const auto save = m_database->statement("insert_approval_rule");
    if (!save)
        return save.error();
    return (*save)->bindBlob(":uid", std::to_string(key)).bind(":at", key).bindText(":rule", value).post();
}

Result<void> TestStatement::postRefused() const
{
    const auto insert = m_database->statement("insert_remnant");
    return insert ? (*insert)->bind(":kind", std::int64_t{1}).bindNull(":id").post() : Result<void>(insert.error());
}

std::int64_t TestStatement::count() const
{
    return m_database->number(QStringLiteral("SELECT count(*) FROM approval_rule"))->value_or(-1);
}

void TestStatement::whatIsPostedIsThereForTheNextQuery()
{
    QVERIFY(m_database->begin());
    QVERIFY(post(1, "1"));
    QVERIFY(post(2, "it's 2"));
    const auto list = m_database->statement("list_approval_rules");
    QVERIFY(list && (*list)->exec());
    std::vector<std::string> values;
    while ((*list)->next().value())
        values.push_back((*list)->text(0));
    QCOMPARE(values, (std::vector<std::string>{"1", "it's 2"}));
    QVERIFY(post(2, "3"));
    QCOMPARE(count(), 2);
    QVERIFY(m_database->commit());
    QCOMPARE(m_test->ask(QStringLiteral("SELECT count(*) FROM approval_rule WHERE rule IN ('1', '3')")), 2);
}

void TestStatement::theTransactionsEndBringsIt()
{
    QVERIFY(m_database->begin());
    QVERIFY(post(1, "1"));
    QVERIFY(m_database->commit());
    QCOMPARE(m_test->ask(QStringLiteral("SELECT count(*) FROM approval_rule")), 1);
}

void TestStatement::itIsGoneWithItsTransaction()
{
    QVERIFY(m_database->begin());
    QVERIFY(post(1, "1"));
    m_database->rollback();
    QCOMPARE(count(), 0);
    QVERIFY(m_database->begin());
    QVERIFY(post(2, "2"));
    QCOMPARE(count(), 1);
    m_database->rollback();
    QCOMPARE(count(), 0);
}

void TestStatement::anErrorComesAtTheEndAtLatest()
{
    QVERIFY(m_database->begin());
    QVERIFY(post(1, "1"));
    auto done = postRefused();
    if (done)
        done = post(2, "2");
    if (done)
        done = m_database->commit();
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::InvalidInput);
    m_database->rollback();
    QCOMPARE(count(), 0);
}

void TestStatement::anErrorComesWithTheNextAnswer()
{
    QVERIFY(m_database->begin());
    auto done = postRefused();
    if (done) {
        const auto list = m_database->statement("list_approval_rules");
        done = list ? (*list)->exec() : Result<void>(list.error());
    }
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::InvalidInput);
    m_database->rollback();
    QCOMPARE(count(), 0);
}

void TestStatement::sentAtOnceItIsAboutItself()
{
    m_database->sendAtOnce();
    QVERIFY(m_database->begin());
    QVERIFY(post(1, "1"));
    const auto done = postRefused();
    QVERIFY(!done);
    QCOMPARE(done.error().context, std::string(m_test->isSqlite() ? done.error().context : "insert_remnant"));
    m_database->rollback();
}

/// Bytes too large for one value go to a place of their own first, where only one of them has room.
void TestStatement::largeBytesKeepTheirTurn()
{
    const std::string first(3 << 20, 'a');
    const std::string second(2 << 20, 'b');
    QVERIFY(m_database->begin());
    const auto insert = m_database->statement("insert_content");
    QVERIFY(insert);
    for (const std::string& bytes : {first, second}) {
        QVERIFY(m_database->bindLarge(**insert, ":data", bytes));
        (*insert)->bindBlob(":hash", bytes.substr(0, 32)).bind(":raw_bytes", static_cast<std::int64_t>(bytes.size()));
        QVERIFY((*insert)->bind(":codec", std::int64_t{0}).bind(":session", std::int64_t{0}).post());
    }
    QVERIFY(m_database->commit());
    QCOMPARE(m_test->ask(QStringLiteral("SELECT count(*) FROM content WHERE length(data) = raw_bytes")), 2);
}

void TestStatement::moreThanFitsIsSentInBetween()
{
    constexpr int kRows = 3000;
    const std::string value(300, 'x');
    QVERIFY(m_database->begin());
    for (int i = 0; i < kRows; ++i)
        QVERIFY(post(i, value));
    QVERIFY(m_database->commit());
    QCOMPARE(count(), kRows);
}

LUTHIEN_TEST(tst_statement, TestStatement)
#include "tst_statement.moc"
