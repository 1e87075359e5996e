// SPDX-License-Identifier: Apache-2.0
#include "runtime/secrets.h"
#include "support/test_registry.h"

#include <QFile>
#include <QLocalServer>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <barrier>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

using namespace luthien;
using namespace luthien::runtime;

/// A real keychain is asked in app/daemon/tst_verify_command.
class TestSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsMadeOnce();
    void instancesThatStartTogetherShareOneKey();
    void whatIsNoKeyIsRefused();
    void withoutABusThereIsNoKeychain();
    void whoIsGoneIsNotAnswered();
    void aKeychainIsAskedAgain();
    void aBusThatNeverAnswersKeepsNobody();

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

void TestSecrets::instancesThatStartTogetherShareOneKey()
{
    constexpr int kRounds = 30;
    for (int round = 0; round < kRounds; ++round) {
        const QTemporaryDir directory;
        const auto file = fileIn(directory);
        std::array<std::string, 4> ids;
        std::barrier start(std::ssize(ids));
        std::vector<std::jthread> instances;
        for (std::string& id : ids)
            instances.emplace_back([&] {
                start.arrive_and_wait();
                const auto key = keyFromFile(file, IfMissing::Make);
                id = key ? key->id() : key.error().toString();
            });
        instances.clear();
        const auto kept = keyFromFile(file, IfMissing::Leave);
        QVERIFY2(kept, kept ? "" : kept.error().toString().c_str());
        for (const std::string& id : ids)
            QCOMPARE(id, kept->id());
    }
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

void TestSecrets::aKeychainIsAskedAgain()
{
    QObject context;
    int answers = 0;
    followKeychain(&context, {}, Backoff({.first = std::chrono::milliseconds(1), .most = std::chrono::milliseconds(2)}),
                   [&](const Result<store::EvidenceKey>& key) {
                       if (!key && key.error().code == ErrorCode::Unavailable)
                           ++answers;
                   });
    QTRY_VERIFY(answers >= 3);
    // Who cannot go on without it asks once.
    QCOMPARE(findKey(SecretPlace::Keychain, {}, std::chrono::seconds(20)).error().code, ErrorCode::Unavailable);
}

void TestSecrets::aBusThatNeverAnswersKeepsNobody()
{
    const QTemporaryDir directory;
    QLocalServer bus; // its connections are accepted, and that is all
    QVERIFY(bus.listen(directory.filePath(QStringLiteral("bus"))));
    const QByteArray address = "unix:path=" + bus.fullServerName().toUtf8();
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    qputenv("XDG_CURRENT_DESKTOP", "KDE"); // where QtKeychain waits for the bus
    qputenv("KDE_SESSION_VERSION", "5");
    auto context = std::make_unique<QObject>();
    bool isAnswered = false;
    askKeychain(context.get(), {{"DBUS_SESSION_BUS_ADDRESS", address.toStdString()}}, IfMissing::Leave,
                [&](const Result<store::EvidenceKey>&) { isAnswered = true; });
    int beats = 0; // of a thread that is not kept
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&beats] { ++beats; });
    beat.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(bus.hasPendingConnections(), 5'000);
    const int before = beats;
    QTRY_VERIFY_WITH_TIMEOUT(beats > before + 100, 10'000);
    const auto end = std::chrono::steady_clock::now();
    context.reset();
    QVERIFY(std::chrono::steady_clock::now() - end < std::chrono::seconds(1));
    QVERIFY(!isAnswered);
}

LUTHIEN_TEST(tst_secrets, TestSecrets)
#include "tst_secrets.moc"
