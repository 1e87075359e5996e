// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/errands.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <optional>
#include <string>

using namespace luthien;
using namespace luthien::store;

class TestErrands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void areDoneInTheirOrderAndAnsweredOnce();
    void whatIsPatientIsTriedAgain_data();
    void whatIsPatientIsTriedAgain();
    void whatComesWhileTheyRunIsForTheNextTime();
    void afterTheEndNothingIsTaken();
    void atTheEndPatienceEnds();

private:
    void add(const std::string& name);
    void addWaiting(const std::string& name);
    void add(const std::string& name, Errands::Patience patience);
    void run(std::optional<ErrorCode> failure = {});

    QTemporaryDir m_directory;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Errands> m_errands;
    std::string m_tried;
    std::string m_told;
};

void TestErrands::initTestCase()
{
    auto database = Database::open({m_directory.path().toStdString(), "sqlite"}, Access::ReadWrite);
    QVERIFY(database);
    m_database = std::move(*database);
}

void TestErrands::init()
{
    m_errands = std::make_unique<Errands>();
    m_tried.clear();
    m_told.clear();
}

/// Is tried until it is done.
void TestErrands::add(const std::string& name)
{
    add(name, Errands::Patience::UntilDone);
}

void TestErrands::addWaiting(const std::string& name)
{
    add(name, Errands::Patience::None);
}

void TestErrands::add(const std::string& name, Errands::Patience patience)
{
    m_errands->add(
        [this, name](Database&) {
            m_tried += name;
            return Result<void>();
        },
        [this, name](const Result<void>& done) { m_told += name + (done ? "+" : "-"); }, patience);
}

/// Each is tried; then it failed so, if there is a failure.
void TestErrands::run(std::optional<ErrorCode> failure)
{
    m_errands->run([this, failure](const Errands::Work& work) -> Result<void> {
        auto done = work(*m_database);
        return failure ? Result<void>(Error{*failure, "no", ""}) : done;
    });
}

void TestErrands::areDoneInTheirOrderAndAnsweredOnce()
{
    addWaiting("a");
    add("b");
    addWaiting("c");
    QVERIFY(!m_errands->isEmpty());
    run();
    run();
    QCOMPARE(m_tried, "abc");
    QCOMPARE(m_told, "a+b+c+");
    QVERIFY(m_errands->isEmpty());
}

void TestErrands::whatIsPatientIsTriedAgain_data()
{
    QTest::addColumn<ErrorCode>("failure");
    QTest::addColumn<QByteArray>("triedInAll");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("a lock passes") << ErrorCode::Conflict << QByteArray("abcbd") << QByteArray("a-c-b+d+");
    QTest::newRow("a full disk is given room")
        << ErrorCode::Unavailable << QByteArray("abcbd") << QByteArray("a-c-b+d+");
    QTest::newRow("a server answers again") << ErrorCode::Timeout << QByteArray("abcbd") << QByteArray("a-c-b+d+");
    QTest::newRow("what is refused stays refused")
        << ErrorCode::InvalidInput << QByteArray("abcd") << QByteArray("a-b-c-d+");
}

void TestErrands::whatIsPatientIsTriedAgain()
{
    QFETCH(const ErrorCode, failure);
    addWaiting("a");
    add("b");
    addWaiting("c");
    run(failure);
    add("d");
    run();
    QTEST(QByteArray::fromStdString(m_tried), "triedInAll"); // before what came since
    QTEST(QByteArray::fromStdString(m_told), "told");
}

void TestErrands::whatComesWhileTheyRunIsForTheNextTime()
{
    add("a");
    m_errands->run([this](const Errands::Work& work) {
        add("b");
        return work(*m_database);
    });
    QCOMPARE(m_tried, "a");
    run();
    QCOMPARE(m_tried, "ab");
}

void TestErrands::afterTheEndNothingIsTaken()
{
    add("a");
    m_errands->close();
    addWaiting("b");
    add("c");
    QCOMPARE(m_told, "b-c-");
    run(); // what came before the end is done
    QCOMPARE(m_tried, "a");
    QCOMPARE(m_told, "b-c-a+");
}

void TestErrands::atTheEndPatienceEnds()
{
    add("a");
    m_errands->close();
    run(ErrorCode::Unavailable);
    QVERIFY(m_errands->isEmpty());
    QCOMPARE(m_told, "a-");
}

LUTHIEN_TEST(tst_errands, TestErrands)
#include "tst_errands.moc"
