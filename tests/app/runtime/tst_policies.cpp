// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/builtin.h"
#include "runtime/policies.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::runtime;
using policy::Definition;
using policy::PolicyMode;

class TestPolicies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void cleanup() { close(); }
    void filePoliciesRunFirst();
    void modesOfTheFileCanBeSetAndTakenBack();
    void modesOfPoliciesThatComeBackAreKept();
    void storedPoliciesCanRunInAnotherOrder();
    void aDraftIsTriedAmongTheOthers();
    void storedPoliciesAreVersioned();
    void refusesWhatCannotBeRun_data();
    void refusesWhatCannotBeRun();
    void asksOnlyModelsThatCanBeReached();
    void refusesOneIdInBothPlaces();
    void saysWhereABadPolicyIsWritten();
    void offersTheFirstPolicyOnce();
    void keepsTheVersionsThatRan();

private:
    /// As at the start of the program, on what the last one left.
    Result<void> open(std::vector<Definition> file = {}, bool offersFirstPolicy = false)
    {
        close();
        Config config;
        config.offersFirstPolicy = offersFirstPolicy;
        config.upstreams = m_upstreams;
        for (Definition& each : file)
            config.policies.push_back({.definition = std::move(each), .place = "config.yaml:3"});
        auto store = store::Store::open({.directory = m_directory->path().toStdString(), .ballastBytes = 0});
        if (!store)
            return store.error();
        m_store = *std::move(store);
        auto policies = Policies::open(config, *m_store, policy::builtin::registry(), {}, m_clock);
        if (!policies)
            return policies.error();
        m_policies = *std::move(policies);
        return {};
    }
    /// As the runtime stops: the store first.
    void close()
    {
        m_store.reset();
        m_policies.reset();
    }
    [[nodiscard]] std::vector<std::string> ids() const
    {
        std::vector<std::string> ids;
        for (const PolicyState& state : m_policies->states())
            ids.push_back(state.definition.id);
        return ids;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    SystemClock m_clock;
    std::vector<UpstreamConfig> m_upstreams{{.name = "anthropic"}};
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<Policies> m_policies;
};

namespace {
Definition sql(PolicyMode mode)
{
    return {.id = "sql", .type = "destructive-sql", .mode = mode};
}
Definition rules(const char* id)
{
    return {.id = id,
            .type = "tool-rules",
            .mode = PolicyMode::Enforce,
            .config = R"({"rules":[{"tool":"rm","do":"deny","reason":"no"}]})"};
}
using Ids = std::vector<std::string>;
} // namespace

void TestPolicies::filePoliciesRunFirst()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY(m_policies->chain() != nullptr && !m_policies->chain()->enforces());
    QSignalSpy changes(m_policies.get(), &Policies::changed);
    QVERIFY(m_policies->save(rules("rules"), "test"));
    QCOMPARE(changes.size(), 1);
    QVERIFY(m_policies->chain()->enforces());
    QCOMPARE(ids(), (Ids{"sql", "rules"}));
    QVERIFY(m_policies->find("sql")->isFromFile);
    QVERIFY(!m_policies->find("rules")->isFromFile);

    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QCOMPARE(ids(), (Ids{"sql", "rules"}));
    QCOMPARE(m_policies->find("rules")->definition.config, rules("rules").config);
    QVERIFY(m_policies->remove("rules", "test"));
    QCOMPARE(m_policies->remove("rules", "test").error().code, ErrorCode::NotFound);
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QCOMPARE(ids(), Ids{"sql"});
}

void TestPolicies::modesOfTheFileCanBeSetAndTakenBack()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY(m_policies->setMode("sql", PolicyMode::Enforce, "test"));
    QVERIFY(m_policies->chain()->enforces());
    const auto isOverridden = [this] {
        const PolicyState* state = m_policies->find("sql");
        return state->definition.mode == PolicyMode::Enforce && state->fileMode == PolicyMode::Shadow;
    };
    QVERIFY(isOverridden());
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY2(isOverridden(), "a mode that was set survives a restart right after");
    QVERIFY(m_policies->chain()->enforces());

    QVERIFY(m_policies->setMode("sql", std::nullopt, "test"));
    QCOMPARE(m_policies->find("sql")->definition.mode, PolicyMode::Shadow);
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY(!m_policies->find("sql")->fileMode);
    QCOMPARE(m_policies->setMode("none", PolicyMode::Off, "test").error().code, ErrorCode::NotFound);
}

void TestPolicies::modesOfPoliciesThatComeBackAreKept()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY(m_policies->setMode("sql", PolicyMode::Enforce, "test"));
    QVERIFY(open());
    QVERIFY(m_policies->save(rules("rules"), "test"));
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QCOMPARE(m_policies->find("sql")->definition.mode, PolicyMode::Enforce);
}

void TestPolicies::aDraftIsTriedAmongTheOthers()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QVERIFY(m_policies->save(rules("rules"), "test"));
    const std::string before = m_policies->setVersion();
    Definition draft = rules("rules");
    draft.mode = PolicyMode::Shadow;
    const auto chain = m_policies->chainWith(draft);
    QVERIFY2(chain && (*chain)->enforces() && (*chain)->watches(), "enforced, beside the shadow of the file");
    const Definition shadow = sql(PolicyMode::Shadow);
    const auto only = m_policies->chainWith(shadow);
    QVERIFY2(only && (*only)->enforces() && !(*only)->watches(), "in place of the one with its id");
    draft.id = "other";
    QVERIFY(m_policies->chainWith(draft).hasValue());
    draft.config = R"({"rules":7})";
    QVERIFY(m_policies->chainWith(draft).error().context.starts_with("policies[other]"));
    QCOMPARE(m_policies->setVersion(), before);
    QCOMPARE(ids(), (Ids{"sql", "rules"}));
}

void TestPolicies::storedPoliciesCanRunInAnotherOrder()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    for (const char* const id : {"a", "b", "c"})
        QVERIFY(m_policies->save(rules(id), "test"));
    const std::string version = m_policies->setVersion();
    QVERIFY(m_policies->move("c", 1, "test"));
    QCOMPARE(ids(), (Ids{"sql", "c", "a", "b"}));
    QVERIFY(m_policies->setVersion() != version);
    QVERIFY(m_policies->move("c", 2, "test"));
    QCOMPARE(ids(), (Ids{"sql", "a", "c", "b"}));
    // What the file names runs first.
    QCOMPARE(m_policies->move("a", 0, "test").error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_policies->move("a", 4, "test").error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_policies->move("sql", 2, "test").error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_policies->move("gone", 2, "test").error().code, ErrorCode::NotFound);
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QCOMPARE(ids(), (Ids{"sql", "a", "c", "b"}));
}

void TestPolicies::storedPoliciesAreVersioned()
{
    QVERIFY(open());
    QVERIFY(m_policies->save(rules("a"), "test"));
    QVERIFY(m_policies->save(rules("b"), "test"));
    const std::string version = m_policies->find("a")->version;
    QVERIFY(m_policies->setMode("a", PolicyMode::Off, "test"));
    QCOMPARE(m_policies->find("a")->version, version);
    Definition renamed = rules("a");
    renamed.name = "Rules";
    QVERIFY(m_policies->save(renamed, "test"));
    QVERIFY(m_policies->find("a")->version != version);
    QCOMPARE(ids(), (Ids{"a", "b"}));
    QCOMPARE(m_policies->find("a")->definition.mode, PolicyMode::Enforce);
    QCOMPARE(m_policies->setMode("a", std::nullopt, "test").error().code, ErrorCode::InvalidArgument);
}

void TestPolicies::refusesWhatCannotBeRun_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("context");
    QTest::newRow("a type nobody knows") << "new" << "pii" << "{}" << "policies[new].type";
    QTest::newRow("settings the type does not have") << "new" << "noop" << R"({"x":1})" << "policies[new].config.x";
    QTest::newRow("a new version of a good one") << "rules" << "tool-rules" << R"({"rules":7})"
                                                 << "policies[rules].config.rules";
}

void TestPolicies::refusesWhatCannotBeRun()
{
    QFETCH(QString, id);
    QFETCH(QString, type);
    QFETCH(QString, config);
    QFETCH(QString, context);
    QVERIFY(open({sql(PolicyMode::Enforce)}));
    QVERIFY(m_policies->save(rules("rules"), "test"));
    const auto states = m_policies->states();
    const auto chain = m_policies->chain();
    QSignalSpy changes(m_policies.get(), &Policies::changed);
    const auto saved =
        m_policies->save({.id = id.toStdString(), .type = type.toStdString(), .config = config.toStdString()}, "test");
    QCOMPARE(saved.error().code, ErrorCode::InvalidInput);
    QCOMPARE(saved.error().context, context.toStdString());
    QCOMPARE(m_policies->chain(), chain);
    QVERIFY(m_policies->states() == states);
    QVERIFY(changes.isEmpty());
}

void TestPolicies::asksOnlyModelsThatCanBeReached()
{
    const auto judge = [](const char* upstream, PolicyMode mode) {
        return Definition{.id = "judge",
                          .type = "llm-judge",
                          .mode = mode,
                          .config = std::string("{\"upstream\":\"") + upstream + "\"}"};
    };
    Config config;
    config.upstreams = m_upstreams;
    config.policies = {{.definition = judge("nowhere", PolicyMode::Shadow), .place = "config.yaml:3"}};
    const auto checked = Policies::check(config, policy::builtin::registry(), {});
    QVERIFY2(checked.error().toString().starts_with("config.yaml:3: policy 'judge': config.upstream: "),
             checked.error().toString().c_str());
    QVERIFY(open());
    QCOMPARE(m_policies->save(judge("nowhere", PolicyMode::Enforce), "test").error().context,
             std::string("policies[judge].config.upstream"));
    QVERIFY(m_policies->save(judge("nowhere", PolicyMode::Off), "test"));
    QCOMPARE(m_policies->setMode("judge", PolicyMode::Shadow, "test").error().code, ErrorCode::InvalidInput);
    QVERIFY(m_policies->save(judge("anthropic", PolicyMode::Enforce), "test"));
    QVERIFY(m_policies->checkStoredUpstreams());

    m_upstreams = {{.name = "other"}};
    QVERIFY2(open(), "what became wrong can be put right");
    QVERIFY(!m_policies->checkStoredUpstreams());
    QVERIFY(m_policies->save(rules("rules"), "test"));
    QVERIFY(m_policies->setMode("judge", PolicyMode::Off, "test"));
    QVERIFY(m_policies->checkStoredUpstreams());
    m_upstreams = {{.name = "anthropic"}};
}

void TestPolicies::refusesOneIdInBothPlaces()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QCOMPARE(m_policies->save(sql(PolicyMode::Enforce), "test").error().code, ErrorCode::Conflict);
    QCOMPARE(m_policies->remove("sql", "test").error().code, ErrorCode::InvalidArgument);
    QVERIFY(open());
    QVERIFY(m_policies->save(sql(PolicyMode::Enforce), "test"));
    const auto opened = open({sql(PolicyMode::Shadow)});
    QCOMPARE(opened.error().code, ErrorCode::InvalidArgument);
    QVERIFY(opened.error().toString().starts_with("config.yaml:3: a policy with the id 'sql' is stored"));
}

void TestPolicies::saysWhereABadPolicyIsWritten()
{
    const auto opened = open({{.id = "a", .type = "pii", .mode = PolicyMode::Off}});
    QVERIFY2(opened.error().toString().starts_with("config.yaml:3: policy 'a': type: "),
             opened.error().toString().c_str());
    const auto stored = policyStates({}, {.policies = {{.id = "b", .definition = "{}"}}});
    QVERIFY2(stored.error().toString().starts_with("policies[b].id: ") &&
                 stored.error().message.find("stored in the data directory") != std::string::npos,
             stored.error().toString().c_str());
}

void TestPolicies::offersTheFirstPolicyOnce()
{
    QVERIFY(open());
    QVERIFY2(ids().empty(), "the daemon offers nothing");
    QVERIFY(open({rules("rules")}, true));
    QCOMPARE(ids(), Ids{"rules"});
    QVERIFY(open({}, true));
    QVERIFY(m_policies->states().size() == 1);
    QCOMPARE(m_policies->states()[0].definition, Policies::firstPolicy());
    QCOMPARE(m_policies->states()[0].definition.mode, PolicyMode::Shadow);
    QVERIFY(open({}, true));
    QCOMPARE(ids(), Ids{"destructive-sql"});
    QVERIFY(m_policies->remove("destructive-sql", "test"));
    QVERIFY(open({}, true));
    QVERIFY2(ids().empty(), "what was deleted stays deleted");
}

void TestPolicies::keepsTheVersionsThatRan()
{
    QVERIFY(open({sql(PolicyMode::Shadow)}));
    QSignalSpy saves(m_policies.get(), &Policies::saved);
    QVERIFY(m_policies->save(rules("rules"), "test"));
    const std::string version = m_policies->find("rules")->version;
    QVERIFY(m_policies->remove("rules", "test"));
    QTRY_COMPARE(saves.size(), 2);
    QVERIFY(m_policies->trouble().empty());
    const auto reader = m_store->openReader();
    QCOMPARE((*reader)->policyVersion(version)->policyId, std::string("rules"));
    QVERIFY((*reader)->policyVersion(m_policies->find("sql")->version));
}

LUTHIEN_TEST(tst_policies, TestPolicies)
#include "tst_policies.moc"
