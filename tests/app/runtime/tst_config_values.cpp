// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_values.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::runtime;

class TestConfigValues : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void size_data();
    void size();
    void duration_data();
    void duration();
    void endpoint_data();
    void endpoint();
    void loopback_data();
    void loopback();
};

namespace {
constexpr qint64 kRefused = -1;
}

void TestConfigValues::size_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("KiB are 1024") << std::string("32KiB") << qint64{32'768};
    QTest::newRow("MiB") << std::string("32MiB") << qint64{33'554'432};
    QTest::newRow("GiB") << std::string("4GiB") << qint64{4'294'967'296};
    QTest::newRow("bytes") << std::string("17B") << qint64{17};
    QTest::newRow("no unit is refused") << std::string("32") << kRefused;
    QTest::newRow("decimal units are refused") << std::string("32MB") << kRefused;
    QTest::newRow("a space is refused") << std::string("32 MiB") << kRefused;
    QTest::newRow("a fraction is refused") << std::string("1.5GiB") << kRefused;
    QTest::newRow("a negative is refused") << std::string("-1KiB") << kRefused;
    QTest::newRow("more than fits is refused") << std::string("99999999999999GiB") << kRefused;
    QTest::newRow("nothing is refused") << std::string() << kRefused;
}

void TestConfigValues::size()
{
    QFETCH(std::string, text);
    QFETCH(qint64, bytes);
    const auto parsed = parseSize(text);
    QCOMPARE(parsed ? static_cast<qint64>(*parsed) : kRefused, bytes);
    if (parsed)
        QCOMPARE(formatSize(*parsed), text);
}

void TestConfigValues::duration_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("millis");
    QTest::newRow("milliseconds") << std::string("500ms") << qint64{500};
    QTest::newRow("seconds") << std::string("10s") << qint64{10'000};
    QTest::newRow("minutes") << std::string("5m") << qint64{300'000};
    QTest::newRow("hours") << std::string("12h") << qint64{43'200'000};
    QTest::newRow("days") << std::string("30d") << qint64{2'592'000'000};
    QTest::newRow("no unit is refused") << std::string("10") << kRefused;
    QTest::newRow("weeks are refused") << std::string("1w") << kRefused;
    QTest::newRow("two units are refused") << std::string("1m30s") << kRefused;
}

void TestConfigValues::duration()
{
    QFETCH(std::string, text);
    QFETCH(qint64, millis);
    const auto parsed = parseDuration(text);
    QCOMPARE(parsed ? static_cast<qint64>(parsed->count()) : kRefused, millis);
    if (parsed)
        QCOMPARE(formatDuration(*parsed), text);
}

void TestConfigValues::endpoint_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("an IPv4 address") << std::string("127.0.0.1:4000") << std::string("127.0.0.1") << 4000;
    QTest::newRow("any free port") << std::string("127.0.0.1:0") << std::string("127.0.0.1") << 0;
    QTest::newRow("an IPv6 address") << std::string("[::1]:4000") << std::string("::1") << 4000;
    QTest::newRow("a name") << std::string("localhost:65535") << std::string("localhost") << 65'535;
    for (const char* bad : {"4000", ":4000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:4000",
                            "[]:1", "http://127.0.0.1:4000", "a b:1", "[::1:4000"})
        QTest::addRow("%s is refused", bad) << std::string(bad) << std::string() << -1;
}

void TestConfigValues::endpoint()
{
    QFETCH(std::string, text);
    QFETCH(std::string, host);
    QFETCH(int, port);
    const auto parsed = parseEndpoint(text);
    QCOMPARE(parsed ? parsed->port : -1, port);
    if (!parsed)
        return;
    QCOMPARE(parsed->host, host);
    QCOMPARE(parsed->toString(), text);
}

void TestConfigValues::loopback_data()
{
    QTest::addColumn<std::string>("host");
    QTest::addColumn<bool>("isLoopback");
    QTest::newRow("127.0.0.1") << std::string("127.0.0.1") << true;
    QTest::newRow("another of 127/8") << std::string("127.8.0.1") << true;
    QTest::newRow("::1") << std::string("::1") << true;
    QTest::newRow("localhost") << std::string("localhost") << true;
    QTest::newRow("every address") << std::string("0.0.0.0") << false;
    QTest::newRow("every IPv6 address") << std::string("::") << false;
    QTest::newRow("a name that begins like one") << std::string("127.0.0.1.example") << false;
    QTest::newRow("a name below localhost") << std::string("localhost.example") << false;
    QTest::newRow("a short form") << std::string("127.1") << false;
}

void TestConfigValues::loopback()
{
    QFETCH(std::string, host);
    QTEST(isLoopbackHost(host), "isLoopback");
}

LUTHIEN_TEST(tst_config_values, TestConfigValues)
#include "tst_config_values.moc"
