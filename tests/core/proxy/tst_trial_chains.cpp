// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "proxy/trial_chains.h"
#include "scripted_gate.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;
using namespace luthien::test;
using namespace std::chrono_literals;

namespace {
std::string asking(const std::string& token)
{
    const std::string before = "\r\nConnection: keep-alive";
    std::string request = kRequest;
    return request.insert(request.find(before), "\r\nX-Luthien-Trial: " + token);
}

/// A handler whose policies let everything pass, and a trial whose policies refuse the request.
struct TrialWorld
{
    TrialWorld()
    {
        draft.request = [] {
            return std::optional(policy::RequestRuling{.isBlocked = true, .notice = "not by the draft"});
        };
        world.configure([this](ProxySnapshot& snapshot) { snapshot.trials = trials; });
    }
    std::string add()
    {
        auto token = trials->add({.name = "draft of sql", .gates = std::make_shared<ScriptedGates>(draft)},
                                 world.clock.steady());
        return token ? *token : std::string();
    }
    /// The status the client got for a request under this token.
    std::string answer(const std::string& token)
    {
        world.takeToClient();
        world.handler->clientBytes(asking(token));
        return world.takeToClient().substr(0, 12);
    }

    GateDesk draft;
    GateDesk inForce;
    std::shared_ptr<TrialChains> trials = std::make_shared<TrialChains>();
    HandlerWorld world{std::make_shared<ScriptedGates>(inForce)};
};
} // namespace

class TestTrialChains : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneRequestPassesTheTrialsPolicies()
    {
        TrialWorld trial;
        const std::string token = trial.add();
        QCOMPARE(trial.answer(token), std::string("HTTP/1.1 400"));
        QVERIFY2(std::ranges::count(trial.world.log, "open up.test") == 0, "no upstream is asked");
        QCOMPARE(trial.world.call().ended->status, conversation::CallStatus::Blocked);
        QVERIFY(trial.world.call().requestHead.find("[\"X-Luthien-Trial\",\"draft of sql\"]") != std::string::npos);
        QVERIFY(trial.world.call().requestHead.find(token) == std::string::npos);
        // The next one on the same connection is an ordinary one.
        trial.world.handler->clientBytes(kRequest);
        QCOMPARE(std::ranges::count(trial.world.log, "open up.test"), 1);
        QVERIFY(trial.world.call(1).requestHead.find("rial") == std::string::npos);
        QCOMPARE(trial.inForce.open, 1);
    }

    void aTrialWithoutPoliciesGoesUpstreamWithoutItsToken()
    {
        TrialWorld trial;
        const auto token = trial.trials->add({.name = "nothing", .gates = {}}, trial.world.clock.steady());
        trial.world.handler->clientBytes(asking(*token));
        trial.world.handler->upstreamOpened(false);
        QCOMPARE(trial.world.takeToUpstream(), kUpstreamHead + kBody);
        QCOMPARE(trial.inForce.open, 0);
    }

    void aTokenCountsOnce()
    {
        TrialWorld trial;
        const std::string token = trial.add();
        QCOMPARE(trial.answer(token), std::string("HTTP/1.1 400"));
        QCOMPARE(trial.answer(token), std::string("HTTP/1.1 403"));
        QVERIFY(trial.world.log.back().starts_with("close client"));
        QCOMPARE(trial.world.recording.calls().size(), std::size_t(1));
    }

    void whoKnowsNoTokenIsRefused_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("a guess") << QByteArray(64, 'a');
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a trial's name") << QByteArray("draft of sql");
    }
    void whoKnowsNoTokenIsRefused()
    {
        QFETCH(const QByteArray, token);
        TrialWorld trial;
        QVERIFY(!trial.add().empty());
        QCOMPARE(trial.answer(token.toStdString()), std::string("HTTP/1.1 403"));
        QVERIFY(trial.world.recording.calls().empty());
    }

    void whereNobodyTriesEveryTokenIsRefused()
    {
        HandlerWorld world;
        world.handler->clientBytes(asking(std::string(64, '0')));
        QVERIFY(world.toClient.starts_with("HTTP/1.1 403 "));
    }

    void aTokenIsForNow()
    {
        TrialWorld trial;
        const std::string inTime = trial.add();
        trial.world.clock.advance(TrialChains::kLifetime - 1ms);
        QVERIFY(trial.trials->take(inTime, trial.world.clock.steady()).has_value());
        const std::string late = trial.add();
        trial.world.clock.advance(TrialChains::kLifetime);
        QVERIFY(!trial.trials->take(late, trial.world.clock.steady()));
    }

    void theOldestGivesWay()
    {
        TrialWorld trial;
        std::vector<std::string> tokens;
        for (std::size_t i = 0; i <= TrialChains::kMaxWaiting; ++i)
            tokens.push_back(trial.add());
        QVERIFY(!trial.trials->take(tokens[0], trial.world.clock.steady()));
        for (std::size_t i = 1; i < tokens.size(); ++i)
            QVERIFY(trial.trials->take(tokens[i], trial.world.clock.steady()).has_value());
    }
};

LUTHIEN_TEST(tst_trial_chains, TestTrialChains)
#include "tst_trial_chains.moc"
