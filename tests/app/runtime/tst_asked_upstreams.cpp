// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"
#include "runtime/asked_upstreams.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::runtime;
using policy::PolicyMode;

class TestAskedUpstreams : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aModelIsAskedThroughAnUpstreamThereIs_data();
    void aModelIsAskedThroughAnUpstreamThereIs();
};

void TestAskedUpstreams::aModelIsAskedThroughAnUpstreamThereIs_data()
{
    QTest::addColumn<std::string>("type");
    QTest::addColumn<std::string>("config");
    QTest::addColumn<PolicyMode>("mode");
    QTest::addColumn<bool>("isRefused");
    const auto row = [](const char* name, const char* type, const char* config, PolicyMode mode, bool isRefused) {
        QTest::newRow(name) << std::string(type) << std::string(config) << mode << isRefused;
    };
    row("the usual one is not configured", "llm-judge", "{}", PolicyMode::Enforce, true);
    row("one that is", "llm-judge", R"({"upstream":"local"})", PolicyMode::Enforce, false);
    row("one that is not", "llm-rewrite", R"({"upstream":"nowhere"})", PolicyMode::Shadow, true);
    row("a policy that is off", "llm-judge", R"({"upstream":"nowhere"})", PolicyMode::Off, false);
    row("a type that asks none", "noop", "{}", PolicyMode::Enforce, false);
}

void TestAskedUpstreams::aModelIsAskedThroughAnUpstreamThereIs()
{
    QFETCH(std::string, type);
    QFETCH(std::string, config);
    QFETCH(PolicyMode, mode);
    QFETCH(bool, isRefused);
    const auto checked = checkAskedUpstream({.id = "a", .type = type, .mode = mode, .config = config},
                                            policy::builtin::registry(), {{.name = "local"}, {.name = "other"}});
    QCOMPARE(checked.hasValue(), !isRefused);
    if (!isRefused)
        return;
    QCOMPARE(checked.error().context, std::string("policies[a].config.upstream"));
    QVERIFY2(checked.error().message.ends_with("configured are local, other."), checked.error().message.c_str());
}

LUTHIEN_TEST(tst_asked_upstreams, TestAskedUpstreams)
#include "tst_asked_upstreams.moc"
