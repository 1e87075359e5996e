// SPDX-License-Identifier: Apache-2.0
#include "runtime/live_snapshot.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::runtime;

namespace {
class Gates final : public policy::GateFactory
{
public:
    [[nodiscard]] std::unique_ptr<policy::StreamGate> open(const policy::GatedCall&,
                                                           policy::WakeFunction) const override
    {
        return nullptr;
    }
};

std::vector<std::string> namesIn(const proxy::ProxySnapshot& snapshot)
{
    std::vector<std::string> names;
    for (const proxy::Upstream& upstream : snapshot.upstreams)
        names.push_back(upstream.name);
    return names;
}

std::shared_ptr<const proxy::ProxySnapshot> settings(const std::vector<std::string>& upstreams)
{
    auto snapshot = std::make_shared<proxy::ProxySnapshot>();
    for (const std::string& name : upstreams)
        snapshot->upstreams.push_back({.name = name, .api = proxy::ApiFamily::Anthropic});
    snapshot->guardedPorts = {4001};
    return snapshot;
}
} // namespace

class TestLiveSnapshot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsOfEachChange();
    void demoTakesNobodysName();
    void refusesASecondDemo();
};

void TestLiveSnapshot::tellsOfEachChange()
{
    const auto before = settings({"anthropic"});
    LiveSnapshot live(before);
    std::vector<std::shared_ptr<const proxy::ProxySnapshot>> told;
    live.onChange([&told](auto snapshot) { told.push_back(std::move(snapshot)); });
    const auto gates = std::make_shared<Gates>();
    live.setGates(gates);
    QVERIFY(live.addDemo("http://127.0.0.1:9"));
    live.removeDemo();
    live.removeDemo();
    QCOMPARE(told.size(), 3U);
    for (const auto& snapshot : told) {
        QCOMPARE(snapshot->gates.get(), gates.get());
        QCOMPARE(snapshot->guardedPorts, std::vector<std::uint16_t>{4001});
    }
    QCOMPARE(namesIn(*told[1]), (std::vector<std::string>{"anthropic", "demo"}));
    QCOMPARE(told[1]->upstreams[1].baseUrl.origin.port, 9);
    QCOMPARE(namesIn(*told[2]), std::vector<std::string>{"anthropic"});
    QVERIFY2(before->gates == nullptr && before->upstreams.size() == 1, "calls under way keep what they began with");
}

void TestLiveSnapshot::demoTakesNobodysName()
{
    LiveSnapshot live(settings({"demo", "demo-2", "openai"}));
    QCOMPARE(live.addDemo("http://127.0.0.1:9").value(), std::string("demo-3"));
    live.removeDemo();
    QCOMPARE(namesIn(*live.current()), (std::vector<std::string>{"demo", "demo-2", "openai"}));
}

void TestLiveSnapshot::refusesASecondDemo()
{
    LiveSnapshot live(settings({}));
    QCOMPARE(live.addDemo("nowhere").error().code, ErrorCode::InvalidArgument);
    QVERIFY(live.addDemo("http://127.0.0.1:9"));
    QCOMPARE(live.addDemo("http://127.0.0.1:10").error().code, ErrorCode::Conflict);
    QCOMPARE(live.current()->upstreams.size(), 1U);
}

LUTHIEN_TEST(tst_live_snapshot, TestLiveSnapshot)
#include "tst_live_snapshot.moc"
