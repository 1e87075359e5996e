// SPDX-License-Identifier: Apache-2.0
#include "proxy/call_inference.h"

#include "protocol/prompt.h"
#include "proxy/downstream_connection.h"
#include "proxy/model_question.h"

#include <algorithm>
#include <string>
#include <utility>

namespace luthien::proxy {

using conversation::Api;
using protocol::RequestHead;

namespace {
constexpr std::string_view kClient = "luthien";

Api usualApi(ApiFamily family)
{
    switch (family) {
    case ApiFamily::Anthropic:
        return Api::AnthropicMessages;
    case ApiFamily::OpenAi:
        return Api::OpenAiChat;
    case ApiFamily::Gemini:
        return Api::Gemini;
    case ApiFamily::Ollama:
        return Api::Ollama;
    case ApiFamily::Other:
        break;
    }
    return Api::Other;
}

/// "name: value" lines.
void addFields(RequestHead& head, std::string_view lines)
{
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const auto colon = line.find(": ");
        if (colon != std::string_view::npos)
            head.fields.add(line.substr(0, colon), line.substr(colon + 2, line.find('\r') - colon - 2));
    }
}

void addCredentials(RequestHead& head, const PreparedCall& cause)
{
    const bool isBearer = std::ranges::any_of(cause.credentials, [](const protocol::Field& field) {
        return protocol::equalsIgnoringCase(field.name, "authorization");
    });
    for (const protocol::Field& field : cause.credentials) {
        // Signing in by OAuth is one of these, the others change what the caller's own request does.
        if (isBearer || !protocol::equalsIgnoringCase(field.name, "anthropic-beta"))
            head.fields.add(field.name, field.value);
    }
}

RequestHead headOf(const protocol::PromptRequest& prompt, const Upstream& upstream)
{
    RequestHead head{.method = "POST", .target = "/" + upstream.name + prompt.path};
    head.framing = protocol::BodyFraming::Length;
    head.contentLength = prompt.body.size();
    head.fields.add("content-type", "application/json");
    head.fields.add("accept", "application/json");
    head.fields.add("accept-encoding", "identity");
    head.fields.add("user-agent", kClient);
    addFields(head, prompt.headers);
    return head;
}
} // namespace

CallInference::CallInference(DownstreamEnvironment& environment, const PreparedCall& cause)
    : m_environment(environment)
    , m_cause(cause)
{
}

std::unique_ptr<policy::InferenceJob> CallInference::ask(policy::InferenceRequest request, Done done)
{
    const CallId id = CallId::make(m_environment.context.clock.now());
    auto prepared = prepareQuestion(m_cause, m_environment.context.forwardProxy, id, request);
    return ModelQuestion::ask(m_environment, id, std::move(prepared), std::move(done));
}

Api questionApi(const PreparedCall& cause, const Upstream& upstream) noexcept
{
    const bool isOwn = cause.route.upstream->name == upstream.name && cause.route.api != Api::Other;
    return isOwn ? cause.route.api : usualApi(upstream.api);
}

Result<std::unique_ptr<PreparedCall>> prepareQuestion(const PreparedCall& cause, const ForwardProxy& forwardProxy,
                                                      CallId id, const policy::InferenceRequest& request)
{
    auto snapshot = std::make_shared<ProxySnapshot>(*cause.snapshot);
    snapshot->gates = nullptr;
    snapshot->limits.total = request.timeout;
    const std::string& name = request.upstream.empty() ? cause.route.upstream->name : request.upstream;
    const auto upstream = std::ranges::find(snapshot->upstreams, name, &Upstream::name);
    if (upstream == snapshot->upstreams.end())
        return Error{ErrorCode::NotFound, "No upstream has this name.", name};
    const auto prompt = protocol::promptRequest(questionApi(cause, *upstream),
                                                {.model = request.model.empty() ? cause.model : request.model,
                                                 .system = request.system,
                                                 .text = request.prompt,
                                                 .maxTokens = request.maxTokens,
                                                 .temperature = request.temperature});
    if (!prompt)
        return prompt.error();
    RequestHead head = headOf(*prompt, *upstream);
    const Upstream& own = *cause.route.upstream;
    if (!upstream->credential && upstream->api == own.api && upstream->baseUrl.origin == own.baseUrl.origin)
        addCredentials(head, cause);
    auto route = findRoute(*snapshot, head);
    if (!std::holds_alternative<Route>(route))
        return Error{ErrorCode::Unsupported, "The upstream cannot be asked: it has no such path.", name};
    auto call =
        prepareCall(std::move(snapshot), forwardProxy, id, std::get<Route>(std::move(route)), head, prompt->body);
    call->identity = cause.identity;
    call->identity.client = kClient;
    call->identity.clientVersion.clear();
    call->cause = cause.id;
    call->causePolicy = request.policyId;
    return call;
}

} // namespace luthien::proxy
