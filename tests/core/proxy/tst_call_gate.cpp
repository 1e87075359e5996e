// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "support/scripted_policy.h"
#include "support/test_registry.h"

#include <QObject>

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::OnBlock;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::PolicyVerdict;

namespace {
const std::string kRequestBody = R"({"model":"c","stream":false,"messages":[{"role":"user","content":"hello"}],)"
                                 R"("tools":[{"name":"shell","input_schema":{"type":"object"}}]})";

std::string bodyWithCall(const std::string& command)
{
    return R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use",)"
           R"("id":"t1","name":"shell","input":{"command":")" +
           command + R"("}}],"stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":1}})";
}

std::vector<std::string> streamWithCall(const std::string& command)
{
    return {kEvents[0],
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
            "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"shell\",\"input\":{}}}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
            "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"command\\\":\\\"" +
                command + "\\\"}\"}}\n\n",
            kEvents[4],
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
            "\"usage\":{\"output_tokens\":5}}\n\n",
            kEvents[6]};
}

std::string wireOf(const std::vector<std::string>& events)
{
    std::string wire = kStreamHead;
    for (const std::string& event : events)
        wire += chunk(event);
    return wire + "0\r\n\r\n";
}

Result<PolicyVerdict> noRm(const policy::PolicyContext&, const policy::JudgedCall& judged)
{
    PolicyVerdict verdict;
    if (judged.call.arguments.find("rm") != std::string_view::npos) {
        verdict.verdict = Verdict::Block;
        verdict.reason = "It removes.";
    }
    return verdict;
}

/// Escaped, since moc 6.4 trips over raw strings whose quotes and braces are not in pairs.
std::string functionCall(const std::string& id, const std::string& command)
{
    return "{\"type\":\"function_call\",\"id\":\"fc_" + id + "\",\"call_id\":\"call_" + id +
           "\",\"name\":\"shell\",\"arguments\":\"{\\\"command\\\":\\\"" + command +
           "\\\"}\",\"status\":\"completed\"}";
}

std::string responseOf(const std::string& calls)
{
    return "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"g\","
           "\"conversation\":{\"id\":\"conv_1\"},\"output\":[" +
           calls + "],\"usage\":null}";
}

PolicyVerdict held(SteadyPoint until = SteadyPoint::max())
{
    return {.verdict = Verdict::Hold, .holdUntil = until};
}
} // namespace

/// The policies of a chain at work on calls, through the real editors, without a socket.
class TestCallGate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRequestIsChangedAsItsPolicySays()
    {
        PolicyScript script;
        script.request = [](const auto& context, auto parts) -> Result<PolicyVerdict> {
            if (context.facts.requestHash.size() != 64 || context.facts.path != "/v1/messages")
                return Error{};
            for (std::size_t i = 0; i < parts.size(); ++i) {
                if (parts[i].text == "hello")
                    return PolicyVerdict{.verdict = Verdict::Replace, .changes = {{i, "good \"day\""}}};
            }
            return PolicyVerdict{};
        };
        HandlerWorld world(gates(script));
        send(world);
        world.handler->upstreamOpened(false);
        std::string changed = kRequestBody;
        changed.replace(changed.find("\"hello\""), 7, "\"good \\\"day\\\"\"");
        QVERIFY2(world.toUpstream.ends_with("\r\n\r\n" + changed), world.toUpstream.c_str());
        world.handler->upstreamBytes(jsonReply(200, bodyWithCall("ls")));
        QCOMPARE(bodyIn(world.toClient), bodyWithCall("ls"));
        QCOMPARE(world.call().decisions[0].decision.verdict, Verdict::Replace);
        QCOMPARE(world.call().sentRequests[0].body, changed);
    }

    void aRequestThatCanBeReadInTwoWaysIsRefusedIfAPolicyEnforces_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("enforced") << static_cast<int>(PolicyMode::Enforce);
        QTest::newRow("in shadow") << static_cast<int>(PolicyMode::Shadow);
    }
    void aRequestThatCanBeReadInTwoWaysIsRefusedIfAPolicyEnforces()
    {
        QFETCH(int, mode);
        PolicyScript script;
        script.request = [](const auto&, auto) -> Result<PolicyVerdict> { return PolicyVerdict{}; };
        HandlerWorld world(gates(script, {.mode = static_cast<PolicyMode>(mode)}));
        const std::string twice = R"({"model":"c","messages":[],"messages":[{"role":"user","content":"hello"}]})";
        send(world, twice);
        if (static_cast<PolicyMode>(mode) == PolicyMode::Shadow) {
            world.handler->upstreamOpened(false);
            QVERIFY(world.toUpstream.ends_with(twice));
            return;
        }
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 400 "), world.toClient.c_str());
        QVERIFY(world.toUpstream.empty());
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
    }

    void aPolicyThatOnlyLooksAtRequestsLeavesTheReplyAlone()
    {
        PolicyScript script;
        script.request = [](const auto&, auto) -> Result<PolicyVerdict> { return PolicyVerdict{}; };
        HandlerWorld world(gates(script));
        send(world);
        world.handler->upstreamOpened(false);
        const std::string odd = R"({"a":1,"a":2})";
        world.handler->upstreamBytes(jsonReply(200, odd));
        QCOMPARE(bodyIn(world.toClient), odd);
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aHeldCallLeavesAtItsTime()
    {
        PolicyScript script;
        SteadyPoint until;
        script.toolCall = [&](const auto& context, const auto&) -> Result<PolicyVerdict> {
            if (context.clock.steady() < until)
                return held(until);
            return PolicyVerdict{};
        };
        HandlerWorld world(gates(script));
        until = world.clock.steady() + 7s;
        send(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, bodyWithCall("ls")));
        world.pass(6s);
        QCOMPARE(world.toClient, std::string());
        world.pass(1s);
        QCOMPARE(bodyIn(world.toClient), bodyWithCall("ls"));
        QCOMPARE(world.call().ended->heldByPolicy, std::chrono::microseconds(7s));
    }

    void aWaitForAPersonIsThePersons_data()
    {
        using conversation::AnsweredBy;
        QTest::addColumn<PolicyVerdict>("said");
        QTest::addColumn<bool>("clientStays");
        QTest::newRow("who answers") << PolicyVerdict{.answeredBy = AnsweredBy::Person, .isRecorded = true} << true;
        QTest::newRow("who does not answer")
            << PolicyVerdict{.verdict = Verdict::Block, .answeredBy = AnsweredBy::Timeout} << true;
        QTest::newRow("whose arguments do not fit")
            << PolicyVerdict{.verdict = Verdict::Replace, .arguments = "[7]", .answeredBy = AnsweredBy::Person} << true;
        QTest::newRow("whom the client does not wait for") << PolicyVerdict{} << false;
    }
    void aWaitForAPersonIsThePersons()
    {
        QFETCH(PolicyVerdict, said);
        QFETCH(bool, clientStays);
        PolicyScript script;
        SteadyPoint until;
        script.toolCall = [&](const auto& context, const auto&) -> Result<PolicyVerdict> {
            if (context.clock.steady() >= until)
                return said;
            return PolicyVerdict{
                .verdict = Verdict::Hold, .holdUntil = until, .answeredBy = conversation::AnsweredBy::Person};
        };
        HandlerWorld world(gates(script));
        until = world.clock.steady() + 7s;
        send(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, bodyWithCall("ls")));
        world.pass(clientStays ? 7s : 3s);
        if (!clientStays)
            world.handler->clientClosed();
        QCOMPARE(world.call().ended->heldByPerson, std::chrono::microseconds(clientStays ? 7s : 3s));
        QCOMPARE(world.call().ended->heldByPolicy, std::chrono::microseconds(0));
    }

    void aHeldCallWhoseClientLeavesIsOnRecord()
    {
        PolicyScript script;
        script.toolCall = [](const auto&, const auto&) -> Result<PolicyVerdict> { return held(); };
        HandlerWorld world(gates(script));
        send(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, bodyWithCall("ls")));
        world.pass(3s);
        world.handler->clientClosed();
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
        QCOMPARE(world.call().decisions.size(), std::size_t(1));
        const conversation::Decision decision = world.call().decisions[0].decision;
        QVERIFY(decision.verdict == Verdict::Hold && decision.answeredBy == conversation::AnsweredBy::Error);
        QVERIFY2(decision.reason.starts_with("The client left while it waited"), decision.reason.c_str());
        QVERIFY(decision.tool == "shell" && decision.toolId == "t1" && decision.final.empty());
        QVERIFY(decision.latency == std::chrono::microseconds(3s));
    }

    void aShadowThatWaitsIsHeardAfterTheReply()
    {
        PolicyScript script;
        bool knows = false;
        std::function<void()> wake;
        script.toolCall = [&](const auto& context, const auto& judged) -> Result<PolicyVerdict> {
            wake = context.wake;
            return knows ? noRm(context, judged) : Result<PolicyVerdict>(held());
        };
        HandlerWorld world(gates(script, {.mode = PolicyMode::Shadow}));
        send(world, kBody);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(wireOf(streamWithCall("rm")));
        QCOMPARE(bodyIn(world.toClient), joined(streamWithCall("rm")));
        QVERIFY(!world.call().ended && world.handler->isWatching());
        knows = true;
        wake();
        QVERIFY(world.call().ended && !world.handler->isWatching());
        QCOMPARE(world.call().decisions.size(), std::size_t(1));
        QCOMPARE(world.call().decisions[0].decision.verdict, Verdict::Block);
        QCOMPARE(world.call().decisions[0].decision.mode, PolicyMode::Shadow);
    }

    void everyCallIsToldOfItsEnd_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("a reply") << 200;
        QTest::newRow("an error of the upstream") << 429;
        QTest::newRow("no upstream") << 0;
    }
    void everyCallIsToldOfItsEnd()
    {
        QFETCH(int, status);
        PolicyScript script;
        std::vector<int> ends;
        script.ended = [&](const auto&, const conversation::CallEnded& event) { ends.push_back(event.httpStatus); };
        HandlerWorld world(gates(script));
        send(world);
        if (status == 0) {
            world.handler->upstreamFailed({.code = "upstream_unreachable", .message = "gone"});
        } else {
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(jsonReply(status, bodyWithCall("ls")));
        }
        QCOMPARE(ends, std::vector{status == 0 ? 502 : status});
    }

    void aDeniedCallIsAskedForAgain_data()
    {
        QTest::addColumn<bool>("stream");
        QTest::newRow("a stream") << true;
        QTest::newRow("a body") << false;
    }
    void aDeniedCallIsAskedForAgain()
    {
        QFETCH(bool, stream);
        PolicyScript script{.toolCall = noRm};
        HandlerWorld world(gates(script, {.onBlock = OnBlock::Retry}));
        send(world, stream ? kBody : kRequestBody);
        for (const char* command : {"rm a", "rm b", "ls"}) {
            world.handler->upstreamOpened(false);
            world.takeToUpstream();
            world.handler->upstreamBytes(stream ? wireOf(streamWithCall(command))
                                                : jsonReply(200, bodyWithCall(command)));
        }
        const RecordedCall call = world.call();
        QVERIFY(call.ended.has_value());
        QCOMPARE(bodyIn(world.toClient), stream ? joined(streamWithCall("ls")) : bodyWithCall("ls"));
        QCOMPARE(call.sentRequests.size(), std::size_t(2));
        QVERIFY2(call.sentRequests[1].body.find("rm b") != std::string::npos, "what it answered is in the history");
        QVERIFY(call.sentRequests[1].body.find("is_error") != std::string::npos);
        QCOMPARE(call.decisions.size(), std::size_t(2));
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QVERIFY(call.hasGaplessNumbers());
        // The reply is the last attempt's, the events are those of all.
        QVERIFY2(call.reply.find("ls") != std::string::npos && call.reply.find("rm") == std::string::npos,
                 call.reply.c_str());
        QCOMPARE(conversation::responseFromJson(call.reply)->blocks.size(), std::size_t(1));
        QVERIFY(call.sentReply.empty());
        const std::string received = call.receivedBody();
        for (const char* command : {"rm a", "rm b", "ls"})
            QCOMPARE(received.find(stream ? joined(streamWithCall(command)) : bodyWithCall(command)) !=
                         std::string::npos,
                     true);
    }

    /// What the provider of a conversation was told with the request that asks again is not told once more.
    void aDeniedCallOfAConversationIsNotOwedAfterwards()
    {
        PolicyScript script{.toolCall = noRm};
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        HandlerWorld world(gates(script, {.onBlock = OnBlock::Retry}, blocked));
        sendInConversation(world);
        for (const char* command : {"rm", "ls"}) {
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(jsonReply(200, responseOf(functionCall(command, command))));
        }
        QVERIFY(world.call().ended.has_value());
        QVERIFY(blocked->isEmpty());
        policy::BlockedCalls restarted;
        for (const auto& decided : world.call().decisions)
            restarted.add(decided.decision);
        QVERIFY(restarted.ofConversation("conv_1").empty());
    }

    /// The provider never heard what became of the call, so its conversation still waits for it: after a restart, too.
    void aDeniedCallIsOwedIfItsProviderTakesNoMore_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("it is overloaded") << 503;
        QTest::newRow("it cannot be reached") << 0;
    }
    void aDeniedCallIsOwedIfItsProviderTakesNoMore()
    {
        QFETCH(int, status);
        PolicyScript script{.toolCall = noRm};
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        HandlerWorld world(gates(script, {.onBlock = OnBlock::Retry}, blocked));
        sendInConversation(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, responseOf(functionCall("rm", "rm"))));
        if (status == 0) {
            world.handler->upstreamFailed({.code = "upstream_unreachable", .message = "gone"});
        } else {
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(jsonReply(status, "{}"));
        }
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(blocked->ofConversation("conv_1").size(), std::size_t(1));
        policy::BlockedCalls restarted;
        for (const auto& decided : world.call().decisions)
            restarted.add(decided.decision);
        QCOMPARE(restarted.ofConversation("conv_1"), blocked->ofConversation("conv_1"));
    }

    /// There will be nobody to ask about what the model says next.
    void aLastWordIsNotAskedAbout()
    {
        PolicyScript script;
        script.toolCall = [](const auto&, const auto&) -> Result<PolicyVerdict> {
            return PolicyVerdict{.verdict = Verdict::Block, .reason = "The program ended.", .isLastWord = true};
        };
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        HandlerWorld world(gates(script, {.onBlock = OnBlock::Retry}, blocked));
        sendInConversation(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, responseOf(functionCall("rm", "rm"))));
        QVERIFY2(bodyIn(world.toClient).find("was blocked by policy") != std::string::npos, world.toClient.c_str());
        QVERIFY(world.call().sentRequests.empty());
        QCOMPARE(blocked->ofConversation("conv_1").size(), std::size_t(1));
    }

    void afterThreeTriesTheCallIsReplaced()
    {
        PolicyScript script{.toolCall = noRm};
        HandlerWorld world(gates(script, {.onBlock = OnBlock::Retry}));
        send(world);
        for (int i = 0; i < 4; ++i) {
            QVERIFY(world.toClient.empty());
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(jsonReply(200, bodyWithCall("rm")));
        }
        QVERIFY(bodyIn(world.toClient).find("rm") == std::string::npos);
        QVERIFY(bodyIn(world.toClient).find("was blocked by policy") != std::string::npos);
        QCOMPARE(world.call().sentRequests.size(), std::size_t(3));
        QCOMPARE(world.call().decisions.size(), std::size_t(4));
        QCOMPARE(world.call().ended->usage.input.value(), std::int64_t(40));
    }

    void argumentsAreReplacedByTheSchemaOfTheRequest()
    {
        PolicyScript script;
        script.changesArguments = true;
        std::string schema;
        script.toolCall = [&](const auto& context, const auto&) -> Result<PolicyVerdict> {
            schema = context.facts.toolSchema("shell");
            return PolicyVerdict{.verdict = Verdict::Replace, .reason = "Safer.", .arguments = R"({"command":"ls"})"};
        };
        HandlerWorld world(gates(script));
        send(world);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, bodyWithCall("rm")));
        QCOMPARE(schema, std::string(R"({"type":"object"})"));
        QVERIFY2(bodyIn(world.toClient).find(R"("command":"ls")") != std::string::npos, world.toClient.c_str());
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aProviderThatKeepsABlockedCallIsToldOfIt()
    {
        PolicyScript script{.toolCall = noRm};
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        HandlerWorld world(gates(script, {}, blocked));
        const auto ask = [&](const std::string& body) {
            world.handler->clientBytes("POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                                       std::to_string(body.size()) + "\r\n\r\n" + body);
            world.handler->upstreamOpened(false);
            const std::string wire = world.takeToUpstream();
            return wire.substr(wire.find("\r\n\r\n") + 4);
        };
        (void)ask(R"({"model":"g","input":"go"})");
        world.handler->upstreamBytes(jsonReply(
            200, R"({"id":"resp_1","object":"response","status":"completed","model":"g","output":[)"
                 R"({"type":"function_call","id":"fc_1","call_id":"call_1","name":"shell",)"
                 "\"arguments\":\"{\\\"command\\\":\\\"rm\\\"}\",\"status\":\"completed\"}],\"usage\":null}"));
        QVERIFY(bodyIn(world.toClient).find("function_call") == std::string::npos);
        const std::string next = R"({"model":"g","previous_response_id":"resp_1","input":"and now?"})";
        for (int i = 0; i < 2; ++i) {
            const std::string sent = ask(next);
            const auto input = boost::json::parse(sent).at("input").as_array();
            QCOMPARE(input.size(), std::size_t(2));
            QCOMPARE(std::string(input[0].at("type").as_string()), std::string("function_call_output"));
            QCOMPARE(std::string(input[0].at("call_id").as_string()), std::string("call_1"));
            world.handler->upstreamBytes(jsonReply(200, R"({"id":"resp_2","object":"response","status":"completed",)"
                                                        R"("model":"g","output":[],"usage":null})"));
            const RecordedCall call = world.call(static_cast<std::size_t>(i) + 1);
            QCOMPARE(call.requestBody, next);
            QCOMPARE(call.sentRequests[0].body, sent);
            QCOMPARE(call.decisions[0].decision.verdict, Verdict::Replace);
            QCOMPARE(call.decisions[0].decision.toolId, std::string("call_1"));
        }
        QCOMPARE(ask(R"({"model":"g","previous_response_id":"resp_2","input":"x"})"),
                 std::string(R"({"model":"g","previous_response_id":"resp_2","input":"x"})"));
    }

    void whatStandsBehindAnEndIsOwed()
    {
        PolicyScript script{.toolCall = noRm};
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        HandlerWorld world(gates(script, {.onBlock = OnBlock::End}, blocked));
        const std::string request = R"({"model":"g","input":"go"})";
        world.handler->clientBytes("POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                                   std::to_string(request.size()) + "\r\n\r\n" + request);
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(
            200, responseOf(functionCall("0", "ls") + "," + functionCall("1", "rm") + "," + functionCall("2", "ls"))));
        const std::string body = bodyIn(world.toClient);
        QVERIFY2(body.find("call_0") != std::string::npos && body.find("call_2") == std::string::npos, body.c_str());
        const auto owed = blocked->ofResponse("resp_1");
        QCOMPARE(owed.size(), std::size_t(2));
        QCOMPARE(owed[0].id, std::string("call_1"));
        QCOMPARE(owed[1].id, std::string("call_2"));
        QVERIFY(owed[1].notice.find("was not run") != std::string::npos);
        policy::BlockedCalls restarted;
        for (const auto& decided : world.call().decisions)
            restarted.add(decided.decision);
        QCOMPARE(restarted.ofResponse("resp_1"), owed);
    }

    /// The policies may have been switched off since.
    void whatIsOwedIsOwedWithoutPolicies()
    {
        const auto blocked = std::make_shared<policy::BlockedCalls>();
        const auto none = policy::Chain::build({}, {}).value();
        const auto gates = proxy::makePolicyGates(none, blocked);
        QVERIFY(gates && !gates->concerns(conversation::Api::OpenAiResponses));
        conversation::Decision decision;
        decision.verdict = Verdict::Block;
        decision.toolId = "call_1";
        decision.responseId = "resp_1";
        blocked->add(decision);
        QVERIFY(gates->concerns(conversation::Api::OpenAiResponses) && !gates->concerns(conversation::Api::Gemini));
        HandlerWorld world(gates);
        for (const bool isOwed : {true, false}) {
            const std::string body = isOwed ? R"({"model":"g","previous_response_id":"resp_1","input":[]})"
                                            : R"({"model":"g","previous_response_id":"resp_2","input":[]})";
            world.handler->clientBytes("POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                                       std::to_string(body.size()) + "\r\n\r\n" + body);
            world.handler->upstreamOpened(false);
            const std::string sent = world.takeToUpstream();
            QCOMPARE(sent.ends_with("\r\n\r\n" + body), !isOwed);
            QCOMPARE(sent.find("call_1") != std::string::npos, isOwed);
            const std::string reply = R"({"object" : "response","output":[ ]})"; // not touched
            world.handler->upstreamBytes(jsonReply(200, reply));
            QCOMPARE(bodyIn(world.takeToClient()), reply);
        }
        QCOMPARE(world.call(0).decisions.size(), std::size_t(1));
        QCOMPARE(world.call(0).sentRequests.size(), std::size_t(1));
        QCOMPARE(world.call(1).decisions.size(), std::size_t(0));
    }

    /// An event whose last CR LF is cut by a read is the same event.
    void whatNoPolicyChangesLeavesByteForByteWhereverReadsCutIt_data()
    {
        QTest::addColumn<QByteArray>("lineEnd");
        QTest::newRow("LF") << QByteArray("\n");
        QTest::newRow("CR LF") << QByteArray("\r\n");
    }
    void whatNoPolicyChangesLeavesByteForByteWhereverReadsCutIt()
    {
        QFETCH(QByteArray, lineEnd);
        std::string stream;
        for (const char c : joined(streamWithCall("ls")) + ": a comment\n\n")
            stream += c == '\n' ? lineEnd.toStdString() : std::string(1, c);
        PolicyScript script{.toolCall = noRm};
        for (std::size_t split = 1; split < stream.size(); ++split) {
            HandlerWorld world(gates(script));
            send(world, kBody);
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(kStreamHead + chunk(stream.substr(0, split)));
            world.handler->upstreamBytes(chunk(stream.substr(split)) + "0\r\n\r\n");
            QVERIFY2(bodyIn(world.toClient) == stream, std::to_string(split).c_str());
            QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(0));
            QVERIFY(world.call().sentReply.empty());
        }
    }

private:
    static std::shared_ptr<const policy::GateFactory>
    gates(PolicyScript& script, policy::Definition definition = {.mode = PolicyMode::Enforce},
          std::shared_ptr<policy::BlockedCalls> blocked = {})
    {
        definition.id = "p";
        if (definition.onBlock == OnBlock::Retry || blocked)
            definition.mode = PolicyMode::Enforce;
        return proxy::makePolicyGates(chainOf(script, std::move(definition)), std::move(blocked));
    }
    static void sendInConversation(HandlerWorld& world)
    {
        const std::string request = R"({"model":"g","conversation":"conv_1","input":"go"})";
        world.handler->clientBytes("POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                                   std::to_string(request.size()) + "\r\n\r\n" + request);
    }
    static void send(HandlerWorld& world, const std::string& body = kRequestBody)
    {
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n\r\n" + body);
    }
};

LUTHIEN_TEST(tst_call_gate, TestCallGate)
#include "tst_call_gate.moc"
