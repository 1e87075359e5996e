// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/private_keychain.h"
#include "runtime/keychain.h"
#include "support/test_registry.h"

#include <QtTest>

#include <memory>
#include <optional>

using namespace luthien;
using namespace luthien::runtime;
using luthien::test::PrivateKeychain;

/// What a keychain keeps is asked for in app/daemon/tst_secret_command and tst_verify_command, the bus that never
/// answers in tst_secrets.
class TestKeychain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutABusThereIsNone();
    void whoIsGoneIsNotAnswered();
    void aKeyringIsNotMade();
};

void TestKeychain::withoutABusThereIsNone()
{
    QObject context;
    std::optional<Result<std::string>> read;
    std::optional<Result<void>> removed;
    readKeychain(&context, {}, QStringLiteral("a"), [&](Result<std::string> text) { read = std::move(text); });
    removeFromKeychain(&context, {}, QStringLiteral("a"), [&](Result<void> done) { removed = std::move(done); });
    QVERIFY(!read && !removed); // who asks does not wait
    QTRY_VERIFY(read && removed);
    QCOMPARE(read->error().code, ErrorCode::Unavailable);
    QCOMPARE(removed->error().code, ErrorCode::Unavailable);
}

void TestKeychain::whoIsGoneIsNotAnswered()
{
    bool isAnswered = false;
    auto context = std::make_unique<QObject>();
    readKeychain(context.get(), {}, QStringLiteral("a"), [&](const Result<std::string>&) { isAnswered = true; });
    context.reset();
    QCoreApplication::processEvents();
    QVERIFY(!isAnswered);
}

/// The libraries keep their connection to the bus: this is the only keychain that this process can ask.
void TestKeychain::aKeyringIsNotMade()
{
    PrivateKeychain keychain;
    QVERIFY(keychain.start(PrivateKeychain::Keyring::None));
    const QString address = keychain.variables().value(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    qputenv("DBUS_SESSION_BUS_ADDRESS", address.toUtf8());
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    const Variables environment{{"DBUS_SESSION_BUS_ADDRESS", address.toStdString()}};
    QObject context;
    std::optional<Result<void>> written;
    writeKeychain(&context, environment, QStringLiteral("a"), "b",
                  [&](Result<void> done) { written = std::move(done); });
    QTRY_VERIFY_WITH_TIMEOUT(written, 20'000);
    QVERIFY(!*written);
    QCOMPARE(written->error().code, ErrorCode::Unavailable);
    QVERIFY2(written->error().message.find("has no default keyring") == 0, written->error().message.c_str());
    QVERIFY(!keychain.wasAskedToPrompt());
}

LUTHIEN_TEST(tst_keychain, TestKeychain)
#include "tst_keychain.moc"
