// SPDX-License-Identifier: Apache-2.0
#include "runtime/stored_settings.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace luthien;
using namespace luthien::runtime;

class TestStoredSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStoredValueCountsBelowTheFile();
    void aValueIsReadByTheSameRules_data();
    void aValueIsReadByTheSameRules();
    void whatIsForgottenIsADefaultAgain();
    void whatCountsAtOnceIsInForce();
    void whatCountsLaterIsShown();
    void whatWouldNotStartIsNotKept();
    void aFileThatSaysSomethingElseIsAnError_data();
    void aFileThatSaysSomethingElseIsAnError();
    void onlyItsOwnerCanReadIt();
};

namespace {
struct Place
{
    const QTemporaryDir directory;
    std::filesystem::path stored = directory.filePath(QStringLiteral("settings.yaml")).toStdString();

    [[nodiscard]] std::filesystem::path write(const char* name, const std::string& text) const
    {
        const std::filesystem::path file = directory.filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(file) << text;
        return file;
    }
};

SettingState stateOf(const LiveSettings& settings, const std::string& key)
{
    for (SettingState& state : settings.states()) {
        if (state.key == key)
            return state;
    }
    return {};
}
} // namespace

void TestStoredSettings::aStoredValueCountsBelowTheFile()
{
    const Place place;
    for (const auto& [key, value] : {std::pair("limits.idle", "7s"), std::pair("limits.connect", "7s"),
                                     std::pair("limits.header", "7KiB"), std::pair("limits.heartbeat", "7s")})
        QVERIFY(storeSetting(place.stored, key, value));
    ConfigSources sources{.storedSettings = place.stored,
                          .file = place.write("config.yaml", "limits:\n  connect: 8s\n  header: 8KiB\n")};
    sources.environment["LUTHIEN_LIMITS__HEARTBEAT"] = "9s";
    sources.commandLine.emplace_back("limits.header", "9KiB");
    const auto config = loadConfig(sources);
    QVERIFY2(config, config ? "" : config.error().toString().c_str());
    QCOMPARE(config->limits.idle, std::chrono::milliseconds(7'000));
    QCOMPARE(config->limits.connect, std::chrono::milliseconds(8'000));
    QCOMPARE(config->limits.heartbeat, std::chrono::milliseconds(9'000));
    QCOMPARE(config->limits.headerBytes, std::size_t{9 * 1024});
    QCOMPARE(config->sourceOf("limits.idle"), (ValueSource{ValueOrigin::Stored, place.stored.string() + ":4"}));
    QCOMPARE(config->sourceOf("limits.connect"), (ValueSource{ValueOrigin::File, sources.file.string() + ":2"}));
    QCOMPARE(config->sourceOf("limits.heartbeat"),
             (ValueSource{ValueOrigin::Environment, "LUTHIEN_LIMITS__HEARTBEAT"}));
    QCOMPARE(config->sourceOf("limits.header"), (ValueSource{ValueOrigin::CommandLine, "--limits.header"}));
    QCOMPARE(config->sourceOf("listen"), ValueSource());
}

void TestStoredSettings::aValueIsReadByTheSameRules_data()
{
    QTest::addColumn<std::string>("key");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("error"); // empty = it is kept
    const auto row = [](const char* name, const char* key, const char* value, const char* error) {
        QTest::newRow(name) << std::string(key) << std::string(value) << std::string(error);
    };
    row("an address", "listen", "[::1]:4000", "");
    row("a database", "database", "postgresql://it's@host/a%20b", "");
    row("no such setting", "limits.ilde", "1s", "limits.ilde: no such setting");
    row("a list is none", "upstreams", "[]", "upstreams: no such setting");
    row("out of range", "limits.streams", "0", "'0' is out of range; 1 to 1000000 is possible");
    row("a line end", "database", "postgresql://host/a\nlisten: 0.0.0.0:1",
        "database: a line end, or another control character, cannot be kept");
}

void TestStoredSettings::aValueIsReadByTheSameRules()
{
    QFETCH(std::string, key);
    QFETCH(std::string, value);
    QFETCH(std::string, error);
    const Place place;
    QVERIFY(storeSetting(place.stored, "workers", "3"));
    const auto stored = storeSetting(place.stored, key, value);
    QCOMPARE(stored ? std::string() : stored.error().toString(), error);
    Config config;
    QVERIFY(applyStoredSettings(config, place.stored));
    QCOMPARE(config.workers, 3U);
    QCOMPARE(config.originOf(key) == ValueOrigin::Stored, error.empty());
    const LiveSettings settings(config, place.stored);
    if (error.empty())
        QCOMPARE(stateOf(settings, key).value, value);
}

void TestStoredSettings::whatIsForgottenIsADefaultAgain()
{
    const Place place;
    LiveSettings settings(defaultConfig(Program::Desktop), place.stored);
    QCOMPARE(settings.save("control", "127.0.0.1:5000").value(), SettingSaved::AfterRestart);
    QCOMPARE(settings.save("limits.idle", "7s").value(), SettingSaved::InForce);
    QCOMPARE(stateOf(settings, "control").next, std::string("127.0.0.1:5000"));
    QCOMPARE(settings.save("control", std::nullopt).value(), SettingSaved::InForce);
    QCOMPARE(stateOf(settings, "control").next, std::string("off")); // the desktop's default
    QVERIFY(!stateOf(settings, "control").stored);
    QCOMPARE(settings.save("limits.idle", std::nullopt).value(), SettingSaved::InForce);
    QCOMPARE(stateOf(settings, "limits.idle").source, ValueSource());
    QCOMPARE(settings.current().limits.idle, std::chrono::milliseconds(300'000));
}

void TestStoredSettings::whatCountsAtOnceIsInForce()
{
    const Place place;
    LiveSettings settings(defaultConfig(Program::Daemon), place.stored);
    QCOMPARE(settings.save("retention.bodies", "off").value(), SettingSaved::InForce);
    QCOMPARE(settings.current().retainBodies.count(), 0);
    const SettingState state = stateOf(settings, "retention.bodies");
    QCOMPARE(state.value, std::string("off"));
    QCOMPARE(state.next, state.value);
    QCOMPARE(state.source.origin, ValueOrigin::Stored);
    QCOMPARE(state.stored, std::optional<std::string>("off"));
}

void TestStoredSettings::whatCountsLaterIsShown()
{
    const Place place;
    Config config = defaultConfig(Program::Daemon);
    config.valueSources["workers"] = {ValueOrigin::File, "config.yaml:3"};
    LiveSettings settings(config, place.stored);
    QCOMPARE(settings.save("listen", "127.0.0.1:5000").value(), SettingSaved::AfterRestart);
    const SettingState listen = stateOf(settings, "listen");
    QCOMPARE(listen.value, std::string("127.0.0.1:4000"));
    QCOMPARE(listen.source, ValueSource());
    QCOMPARE(listen.next, std::string("127.0.0.1:5000"));
    QCOMPARE(listen.nextSource.origin, ValueOrigin::Stored);
    QCOMPARE(settings.save("workers", "7").value(), SettingSaved::Overruled);
    const SettingState workers = stateOf(settings, "workers");
    QCOMPARE(workers.value, std::string("auto"));
    QCOMPARE(workers.next, std::string("auto"));
    QCOMPARE(workers.source.place, std::string("config.yaml:3"));
    QCOMPARE(workers.stored, std::optional<std::string>("7"));
}

void TestStoredSettings::whatWouldNotStartIsNotKept()
{
    const Place place;
    LiveSettings settings(defaultConfig(Program::Daemon), place.stored);
    const auto saved = settings.save("listen", "0.0.0.0:4000");
    QVERIFY(!saved && saved.error().message.find("clients.auth none is for loopback only") != std::string::npos);
    QVERIFY(!settings.save("limits.idle", "soon"));
    QVERIFY(!std::filesystem::exists(place.stored));
    QCOMPARE(stateOf(settings, "listen").next, std::string("127.0.0.1:4000"));
}

void TestStoredSettings::aFileThatSaysSomethingElseIsAnError_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("error");
    const auto row = [](const char* name, const char* text, const char* error) {
        QTest::newRow(name) << std::string(text) << std::string(error);
    };
    row("a value out of range", "workers: 0\n", ":1: 'workers': '0' is out of range; 1 to 256 is possible");
    row("a list", "a: 1\n", ":1: 'a' is no setting that the program keeps");
    row("policies", "workers: 1\npolicies: []\n", ":2: 'policies' is no setting that the program keeps");
}

void TestStoredSettings::aFileThatSaysSomethingElseIsAnError()
{
    QFETCH(std::string, text);
    QFETCH(std::string, error);
    const Place place;
    const auto file = place.write("settings.yaml", text);
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto config = loadConfig({.storedSettings = file});
    QVERIFY(!config);
    QCOMPARE(config.error().toString(), file.string() + error);
    QCOMPARE(config.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!storeSetting(file, "workers", "2"));
}

void TestStoredSettings::onlyItsOwnerCanReadIt()
{
    const Place place;
    QVERIFY(storeSetting(place.stored, "workers", "2"));
    const auto mode = std::filesystem::status(place.stored).permissions();
    QCOMPARE(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::permissions(place.stored, mode | std::filesystem::perms::others_write);
    QVERIFY(!loadConfig({.storedSettings = place.stored}));
}

LUTHIEN_TEST(tst_stored_settings, TestStoredSettings)
#include "tst_stored_settings.moc"
