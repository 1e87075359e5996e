// SPDX-License-Identifier: Apache-2.0
#include "control/live_json.h"

#include "archive/json_shapes.h"

#include <boost/json.hpp>

namespace luthien::control {

namespace {
namespace json = boost::json;
using conversation::EventKind;

json::value text(std::string_view bytes)
{
    return bytes.empty() ? json::value(nullptr) : json::value(json::string_view(bytes.data(), bytes.size()));
}

template <typename Number>
json::value number(const std::optional<Number>& value)
{
    return value ? json::value(*value) : json::value(nullptr);
}

json::value id(const CallId& call)
{
    return call.isNil() ? json::value(nullptr) : json::value(call.toString());
}

json::object usageObject(const conversation::Usage& usage)
{
    return {{"input", number(usage.input)},
            {"output", number(usage.output)},
            {"cache_read", number(usage.cacheRead)},
            {"cache_write", number(usage.cacheWrite)},
            {"reasoning", number(usage.reasoning)}};
}

/// A step has the kind its wire event is recorded under.
std::string_view kindOf(const live::Delta& delta)
{
    const conversation::StreamEvent step{.kind = delta.kind};
    return wireKindName(conversation::wireKindOf({&step, 1}));
}

std::string frame(std::string_view name, std::string_view data)
{
    return "event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
}

std::string frame(std::string_view name, const json::object& data)
{
    return frame(name, json::serialize(data));
}

std::string frameWithId(std::string_view name, std::uint64_t commit, const json::object& data)
{
    return "id: " + std::to_string(commit) + '\n' + frame(name, data);
}

struct FrameOf
{
    std::string operator()(const live::Opened& event) const
    {
        return frame("opened", {{"call_id", event.call.toString()},
                                {"at", toRfc3339(event.at)},
                                {"session_id", text(event.identity.session)},
                                {"agent_id", text(event.identity.agent)},
                                {"parent_agent_id", text(event.identity.parentAgent)},
                                {"client", text(event.identity.client)},
                                {"client_version", text(event.identity.clientVersion)},
                                {"upstream", text(event.upstream)},
                                {"api", text(apiName(event.api))},
                                {"method", text(event.method)},
                                {"path", text(event.path)},
                                {"model", text(event.model)},
                                {"stream", event.stream},
                                {"preview", text(event.preview)},
                                {"cause_call_id", id(event.cause)},
                                {"cause_policy", text(event.causePolicy)}});
    }

    std::string operator()(const live::Requested& event) const
    {
        return frame("request", {{"call_id", event.call.toString()}, {"seq", event.seq}, {"at", toRfc3339(event.at)}});
    }

    std::string operator()(const live::Delta& event) const
    {
        json::object data{{"call_id", event.call.toString()},
                          {"first_seq", event.firstSeq},
                          {"seq", event.seq},
                          {"at", toRfc3339(event.at)},
                          {"direction", text(directionName(event.direction))},
                          {"kind", text(kindOf(event))},
                          {"choice", event.choice},
                          {"block", event.block}};
        addContent(data, event);
        return frame("delta", data);
    }

    std::string operator()(const live::Decided& event) const
    {
        return frame("decision", archive::decisionJson(event.decision));
    }

    std::string operator()(const live::Ended& event) const
    {
        const json::object data{{"call_id", event.call.toString()},
                                {"seq", event.seq},
                                {"at", toRfc3339(event.at)},
                                {"status", text(callStatusName(event.status))},
                                {"http_status", event.httpStatus == 0 ? json::value() : json::value(event.httpStatus)},
                                {"stop_reason", text(stopReasonName(event.stopReason))},
                                {"usage", usageObject(event.usage)},
                                {"model", text(event.model)},
                                {"cost_usd", nullptr},
                                {"error", text(event.error)}};
        return frame("ended", archive::withCost(json::serialize(data), event.costNanoUsd));
    }

    std::string operator()(const live::Committed& event) const
    {
        json::array calls;
        for (const live::TouchedCall& call : event.calls)
            calls.push_back(json::object{{"call_id", call.id.toString()},
                                         {"session_id", text(call.session)},
                                         {"last_seq", number(call.lastSeq)},
                                         {"status", text(callStatusName(call.status))}});
        json::array sessions;
        for (const std::string& session : event.sessions)
            sessions.push_back(text(session));
        return frameWithId("committed", event.commit,
                           {{"commit", event.commit}, {"calls", std::move(calls)}, {"sessions", std::move(sessions)}});
    }

private:
    static void addContent(json::object& data, const live::Delta& event)
    {
        const bool isTool =
            event.kind == EventKind::ToolStart || event.kind == EventKind::ToolArgs || event.kind == EventKind::ToolEnd;
        if (isTool)
            data["executor"] = text(executorName(event.executor));
        if (!event.id.empty())
            data["id"] = event.id;
        if (!event.name.empty())
            data["name"] = event.name;
        if (!event.text.empty() || event.replaces)
            data["text"] = event.text;
        if (event.replaces)
            data["replaces"] = true;
        if (event.isRefusal)
            data["refusal"] = true;
        if (event.kind == EventKind::Usage)
            data["usage"] = usageObject(event.usage);
        if (event.kind == EventKind::Stop)
            data["stop_reason"] = text(stopReasonName(event.stopReason));
    }
};
} // namespace

std::string eventFrame(const live::Event& event)
{
    return std::visit(FrameOf(), event);
}

std::string gapFrame(std::uint64_t commit)
{
    return frameWithId("gap", commit, {{"commit", commit}});
}

std::string helloFrame(std::uint64_t commit)
{
    return frameWithId("hello", commit, {{"commit", commit}});
}

} // namespace luthien::control
