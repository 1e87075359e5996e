// SPDX-License-Identifier: Apache-2.0
#include "proxy/owed_outputs.h"
#include "support/test_registry.h"

#include <QObject>

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::proxy;
using conversation::Api;
using conversation::Decision;
using conversation::Verdict;

namespace {
class Decisions final : public policy::GateOutlet
{
public:
    void forward(std::string_view) override {}
    void send(std::string_view) override {}
    void decided(Decision decision) override { all.push_back(std::move(decision)); }
    std::vector<Decision> all;
};

Decision blocked(const std::string& id, const std::string& response, const std::string& conversationId,
                 const std::string& notice = "[no]")
{
    Decision decision;
    decision.policyId = "sql";
    decision.verdict = Verdict::Block;
    decision.agentText = notice;
    decision.tool = "shell";
    decision.toolId = id;
    decision.responseId = response;
    decision.conversationId = conversationId;
    return decision;
}

const std::string kInConversation = R"({"model":"g","conversation":{"id":"conv_1"},"input":"and now?"})";
} // namespace

class TestOwedOutputs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_calls = std::make_shared<policy::BlockedCalls>();
        m_decisions.all.clear();
    }

    void onlyWhoGoesOnOwesSomething_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<int>("outputs");
        QTest::newRow("by the reply's id") << std::string(R"({"previous_response_id":"resp_1","input":"x"})") << 2;
        QTest::newRow("in its conversation") << kInConversation << 2;
        QTest::newRow("by another reply's id") << std::string(R"({"previous_response_id":"resp_2","input":"x"})") << 0;
        QTest::newRow("anew") << std::string(R"({"input":"x"})") << 0;
        QTest::newRow("it brings them itself")
            << std::string(R"({"previous_response_id":"resp_1","input":[)"
                           R"({"type":"function_call_output","call_id":"a","output":""},)"
                           R"({"type":"function_call_output","call_id":"b","output":""}]})")
            << 0;
        QTest::newRow("it cannot be read") << std::string(R"({"previous_response_id":"resp_1","input":)") << 0;
    }
    void onlyWhoGoesOnOwesSomething()
    {
        QFETCH(std::string, body);
        QFETCH(int, outputs);
        m_calls->add(blocked("a", "resp_1", "conv_1"));
        m_calls->add(blocked("b", "resp_1", "conv_1", ""));
        OwedOutputs owed(Api::OpenAiResponses, m_calls);
        const auto completed = owed.addTo(body);
        QCOMPARE(completed.has_value(), outputs > 0);
        QVERIFY(m_decisions.all.empty());
        owed.requestAnswered(200, m_decisions);
        QCOMPARE(m_decisions.all.size(), static_cast<std::size_t>(outputs));
        if (outputs == 0)
            return;
        const auto input = boost::json::parse(*completed).at("input").as_array();
        QCOMPARE(std::string(input[0].at("output").as_string()), std::string("[no]"));
        QVERIFY(std::string(input[1].at("output").as_string()).find("was not run") != std::string::npos);
        QCOMPARE(m_decisions.all[0].verdict, Verdict::Replace);
        QCOMPARE(m_decisions.all[0].toolId, std::string("a"));
    }

    /// As long as the provider did not take it, it is owed; then never again, after a restart neither.
    void aConversationIsToldOnce_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("it is taken") << 200;
        QTest::newRow("it is refused") << 429;
        QTest::newRow("it cannot be taken now") << 503;
    }
    void aConversationIsToldOnce()
    {
        QFETCH(int, status);
        m_calls->add(blocked("a", "resp_1", "conv_1"));
        OwedOutputs first(Api::OpenAiResponses, m_calls);
        QVERIFY(first.addTo(kInConversation));
        first.requestAnswered(static_cast<unsigned>(status), m_decisions);
        OwedOutputs second(Api::OpenAiResponses, m_calls);
        QCOMPARE(second.addTo(kInConversation).has_value(), status != 200);

        policy::BlockedCalls restarted;
        restarted.add(blocked("a", "resp_1", "conv_1"));
        for (const Decision& decision : m_decisions.all)
            restarted.add(decision);
        QCOMPARE(restarted.ofConversation("conv_1").empty(), status == 200);
    }

    void whatTheClientBroughtItselfIsOwedNoMore()
    {
        m_calls->add(blocked("a", "", "conv_1"));
        OwedOutputs owed(Api::OpenAiResponses, m_calls);
        QVERIFY(!owed.addTo(R"({"conversation":"conv_1","input":[)"
                            R"({"type":"function_call_output","call_id":"a","output":""}]})"));
        owed.requestAnswered(200, m_decisions);
        QVERIFY(m_decisions.all.empty() && m_calls->isEmpty());
    }

    void nothingIsOwedElsewhere()
    {
        QVERIFY(!OwedOutputs(Api::OpenAiResponses, nullptr).mayOwe());
        QVERIFY(!OwedOutputs(Api::OpenAiResponses, m_calls).mayOwe());
        m_calls->add(blocked("a", "resp_1", ""));
        QVERIFY(OwedOutputs(Api::OpenAiResponses, m_calls).mayOwe());
        QVERIFY(!OwedOutputs(Api::OpenAiChat, m_calls).mayOwe());
        QVERIFY(!OwedOutputs(Api::OpenAiChat, m_calls).addTo(kInConversation));
    }

private:
    std::shared_ptr<policy::BlockedCalls> m_calls;
    Decisions m_decisions;
};

LUTHIEN_TEST(tst_owed_outputs, TestOwedOutputs)
#include "tst_owed_outputs.moc"
