// SPDX-License-Identifier: Apache-2.0
#include "runtime/secrets.h"
#include "support/test_registry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <optional>

using namespace luthien;
using namespace luthien::runtime;

/// A real keychain is asked in app/daemon/tst_verify_command.
class TestSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsMadeOnce();
    void whatIsNoKeyIsRefused();
    void withoutABusThereIsNoKeychain();
    void whoIsGoneIsNotAnswered();

private:
    [[nodiscard]] static std::filesystem::path fileIn(const QTemporaryDir& directory)
    {
        return evidenceKeyFile({{"HOME", directory.path().toStdString()}});
    }
};

void TestSecrets::aKeyIsMadeOnce()
{
    const QTemporaryDir directory;
    const auto file = fileIn(directory);
    const auto missing = keyFromFile(file, IfMissing::Leave);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    const auto made = keyFromFile(file, IfMissing::Make);
    QVERIFY2(made, made ? "" : made.error().toString().c_str());
    QCOMPARE(keyFromFile(file, IfMissing::Make)->id(), made->id());
    QCOMPARE(keyFromFile(file, IfMissing::Leave)->id(), made->id());
    const QTemporaryDir other;
    QVERIFY(keyFromFile(fileIn(other), IfMissing::Make)->id() != made->id());
    QCOMPARE(QFile::permissions(QString::fromStdString(file.string())) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QCOMPARE(evidenceKeyFile({}), std::filesystem::path());
    QCOMPARE(keyFromFile({}, IfMissing::Make).error().code, ErrorCode::NotFound);
}

void TestSecrets::whatIsNoKeyIsRefused()
{
    const QTemporaryDir directory;
    const auto file = fileIn(directory);
    QVERIFY(keyFromFile(file, IfMissing::Make));
    std::ofstream(file) << "my secret words";
    const auto read = keyFromFile(file, IfMissing::Make);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidInput);
    QVERIFY(read.error().toString().find("words") == std::string::npos);
}

void TestSecrets::withoutABusThereIsNoKeychain()
{
    QObject context;
    std::optional<Result<store::EvidenceKey>> answer;
    askKeychain(&context, {}, IfMissing::Make, [&](Result<store::EvidenceKey> key) { answer = std::move(key); });
    QVERIFY(!answer); // who asks does not wait
    QTRY_VERIFY(answer);
    QVERIFY(!*answer);
    QCOMPARE(answer->error().code, ErrorCode::Unavailable);
}

void TestSecrets::whoIsGoneIsNotAnswered()
{
    bool isAnswered = false;
    auto context = std::make_unique<QObject>();
    askKeychain(context.get(), {}, IfMissing::Make, [&](const Result<store::EvidenceKey>&) { isAnswered = true; });
    context.reset();
    QCoreApplication::processEvents();
    QVERIFY(!isAnswered);
}

LUTHIEN_TEST(tst_secrets, TestSecrets)
#include "tst_secrets.moc"
