// SPDX-License-Identifier: Apache-2.0
#include "core/control/control_fixture.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::test;

class TestControl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listensOnBothLoopbackAddresses();
    void saysThatAPortIsTaken();
    void refusesOtherAddresses_data();
    void refusesOtherAddresses();
    void stopsWithClientsConnected();
};

void TestControl::listensOnBothLoopbackAddresses()
{
    const ControlFixture fixture;
    QVERIFY(fixture.port != 0);
    for (const char* address : {"127.0.0.1", "::1"}) {
        QTcpSocket socket;
        socket.connectToHost(QString::fromLatin1(address), fixture.port);
        QVERIFY2(socket.waitForConnected(), address);
    }
}

void TestControl::saysThatAPortIsTaken()
{
    const ControlFixture first;
    ControlFixture second;
    control::Control third({.port = first.port, .token = "t"}, {.hub = second.hub,
                                                                .commits = second.commits,
                                                                .clock = second.clock,
                                                                .openReader = [&] { return second.store.openReader(); },
                                                                .readiness = [] { return control::Readiness(); }});
    const auto started = third.start();
    QVERIFY(!started);
    QCOMPARE(started.error().code, ErrorCode::Conflict);
}

void TestControl::refusesOtherAddresses_data()
{
    QTest::addColumn<std::string>("host");
    QTest::newRow("every address") << std::string("0.0.0.0");
    QTest::newRow("every IPv6 address") << std::string("::");
    QTest::newRow("a name") << std::string("example.org");
    QTest::newRow("nothing") << std::string();
}

void TestControl::refusesOtherAddresses()
{
    QFETCH(std::string, host);
    const ControlFixture fixture([&host](control::ControlConfig& config) { config.host = host; });
    QCOMPARE(fixture.port, std::uint16_t{0});
}

void TestControl::stopsWithClientsConnected()
{
    ControlFixture fixture;
    ControlClient idle(fixture.port);
    ControlClient stream(fixture.port);
    stream.send(fixture.get("/api/v1/events"));
    QVERIFY(stream.readThrough("event: hello").ends_with("event: hello"));
    fixture.control->stop();
    QVERIFY(idle.waitForClosed());
    QVERIFY(stream.waitForClosed());
    QVERIFY(!fixture.hub.hasSubscribers());
}

LUTHIEN_TEST(tst_control, TestControl)
#include "tst_control.moc"
