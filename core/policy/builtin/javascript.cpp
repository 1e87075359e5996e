// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/javascript.h"

#include "policy/builtin/script_argument.h"
#include "policy/builtin/script_verdict.h"
#include "policy/object_reader.h"
#include "policy/script_runner.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace luthien::policy::builtin {

namespace {

using conversation::Verdict;

constexpr std::chrono::milliseconds kLeastTimeout{1};

/// A question to a script and its answer, which comes on another thread.
class Question
{
public:
    Question(ScriptRunner& runner, ScriptCall call, std::function<void()> wake)
        : m_state(std::make_shared<State>())
    {
        m_state->wake = std::move(wake);
        runner.run(std::move(call), [state = m_state](Result<std::string> answer) {
            const std::lock_guard lock(state->mutex);
            state->answer = std::move(answer);
            if (state->wake)
                state->wake();
        });
    }
    /// Nobody is woken for it any more.
    ~Question()
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->wake = nullptr;
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

    /// The answer, once it is there.
    [[nodiscard]] std::optional<Result<std::string>> take()
    {
        const std::lock_guard lock(m_state->mutex);
        return std::exchange(m_state->answer, std::nullopt);
    }

private:
    struct State
    {
        std::mutex mutex;
        std::optional<Result<std::string>> answer;
        std::function<void()> wake;
    };
    std::shared_ptr<State> m_state;
};

/// A block of a reply: choice and position, and the id of the call in it, for a reply that is asked for again counts
/// anew.
using Place = std::tuple<std::uint32_t, std::uint32_t, std::string>;

/// What a script says goes wrong where people look for it, at the policy.
void noteFailure(ScriptRunner& runner, const std::string& policyId, const Error& error)
{
    runner.failures().note(policyId, SystemClock().now(), error.toString());
}

class Javascript final : public Policy
{
public:
    Javascript(ScriptRunner& runner, std::string source, ScriptOutline outline, std::chrono::milliseconds timeout)
        : m_runner(runner)
        , m_source(std::make_shared<const std::string>(std::move(source)))
        , m_outline(outline)
        , m_timeout(timeout)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override
    {
        const bool judgesTools = m_outline.has(ScriptFunction::OnToolCall);
        return {.toolCalls = judgesTools,
                .text = m_outline.has(ScriptFunction::OnText),
                .request = m_outline.has(ScriptFunction::OnRequest),
                .end = m_outline.has(ScriptFunction::OnEnd),
                .changesArguments = judgesTools};
    }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext& context) const override;

    [[nodiscard]] ScriptRunner& runner() const noexcept { return m_runner; }
    [[nodiscard]] ScriptCall callOf(ScriptFunction function, std::string argument, const std::string& policyId) const
    {
        return {.source = m_source,
                .function = function,
                .argument = std::move(argument),
                .timeout = m_timeout,
                .policyId = policyId};
    }

private:
    ScriptRunner& m_runner; ///< outlives every chain
    std::shared_ptr<const std::string> m_source;
    ScriptOutline m_outline;
    std::chrono::milliseconds m_timeout;
};

class JavascriptCall final : public PolicyCall
{
public:
    JavascriptCall(const Javascript& policy, const PolicyContext& context)
        : m_policy(policy)
        , m_context(context)
    {
    }

    [[nodiscard]] Result<PolicyVerdict> request(std::span<const conversation::RequestPart> parts) override
    {
        if (!m_request)
            m_request = ask(ScriptFunction::OnRequest, requestArgument(parts, m_context.facts));
        auto answer = m_request->take();
        if (!answer)
            return PolicyVerdict{.verdict = Verdict::Hold};
        m_request.reset();
        return noted(*answer ? requestVerdictOf(**answer, parts.size()) : answer->error());
    }

    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& judged) override
    {
        std::unique_ptr<Question>& question =
            m_toolCalls[{judged.call.choice, judged.call.block, std::string(judged.call.id)}];
        if (!question)
            question = ask(ScriptFunction::OnToolCall, toolArgument(judged, m_context.facts));
        auto answer = question->take();
        if (!answer)
            return PolicyVerdict{.verdict = Verdict::Hold};
        question.reset();
        return noted(*answer ? toolVerdictOf(**answer, judged) : answer->error());
    }

    /// A script judges whole blocks: all of it stays back.
    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string&) override
    {
        std::string& whole = m_texts[{choice, block}].whole;
        // One byte too many tells at the end that there was more.
        whole += part.substr(0, kMaxScriptArgumentBytes + 1 - std::min(whole.size(), kMaxScriptArgumentBytes + 1));
    }

    [[nodiscard]] Result<PolicyVerdict> textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        Text& text = m_texts[{choice, block}];
        if (text.whole.size() > kMaxScriptArgumentBytes)
            return noted<PolicyVerdict>(Error{ErrorCode::TooLarge, "The text is too large for a script.", {}});
        if (!text.question)
            text.question = ask(ScriptFunction::OnText, textArgument(text.whole, m_context.facts));
        auto answer = text.question->take();
        if (!answer)
            return PolicyVerdict{.verdict = Verdict::Hold};
        auto node = m_texts.extract({choice, block});
        const std::string& whole = node.mapped().whole;
        Result<TextVerdict> said = noted(*answer ? textVerdictOf(**answer, whole) : answer->error());
        // Without a verdict on_error decides whether it leaves.
        out += said ? said->text.value_or(whole) : whole;
        if (!said)
            return said.error();
        return std::move(said->verdict);
    }

    void ended(const conversation::CallEnded& end) override
    {
        if (!m_policy.interests().end)
            return;
        ScriptCall call = m_policy.callOf(ScriptFunction::OnEnd, endArgument(end, m_context.facts), m_context.policyId);
        // Outlives this: nobody waits for it. What it blocks can only be told.
        m_policy.runner().run(
            std::move(call), [&runner = m_policy.runner(), id = m_context.policyId](const Result<std::string>& answer) {
                const Result<PolicyVerdict> said = answer ? endVerdictOf(*answer) : answer.error();
                if (!said)
                    noteFailure(runner, id, said.error());
                else if (said->isBlocked())
                    noteFailure(runner, id, {ErrorCode::InvalidInput, said->reason, "onEnd"});
            });
    }

private:
    struct Text
    {
        std::string whole;
        std::unique_ptr<Question> question;
    };

    [[nodiscard]] std::unique_ptr<Question> ask(ScriptFunction function, std::string argument) const
    {
        return std::make_unique<Question>(
            m_policy.runner(), m_policy.callOf(function, std::move(argument), m_context.policyId), m_context.wake);
    }

    template <typename T>
    [[nodiscard]] Result<T> noted(Result<T> said) const
    {
        if (!said)
            noteFailure(m_policy.runner(), m_context.policyId, said.error());
        return said;
    }

    const Javascript& m_policy;
    const PolicyContext& m_context;
    std::unique_ptr<Question> m_request;
    std::map<Place, std::unique_ptr<Question>> m_toolCalls;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Text> m_texts;
};

std::unique_ptr<PolicyCall> Javascript::open(const PolicyContext& context) const
{
    return std::make_unique<JavascriptCall>(*this, context);
}

/// A function that is one of ours but for its capitals would never be called, and nobody would know.
std::optional<std::string> misspelledFunction(std::string_view source)
{
    static const re2::RE2 kDefinition(R"((?:function|let|const|var)\s+(on\w+))");
    re2::StringPiece rest(source.data(), source.size());
    const auto isSameLetter = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    for (std::string name; re2::RE2::FindAndConsume(&rest, kDefinition, &name);) {
        for (const std::string_view known : kScriptFunctionNames) {
            if (name != known && std::ranges::equal(name, known, isSameLetter))
                return "There is no function " + name + "; it is " + std::string(known) + ".";
        }
    }
    return std::nullopt;
}

Result<std::shared_ptr<const Policy>> makeJavascript(const boost::json::object& config, const Services& services)
{
    ObjectReader reader(config);
    std::string source = reader.text("source", kMaxScriptBytes).value_or(std::string());
    if (source.empty())
        reader.reject("source", "This is missing or empty.");
    if (const auto misspelled = misspelledFunction(source))
        reader.reject("source", *misspelled);
    const auto timeout = reader.duration("timeout", kLeastTimeout, kMaxScriptTimeout).value_or(kScriptTimeout);
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (!services.scripts)
        return Error{ErrorCode::Unavailable, "Scripts cannot be run here.", "source"};
    const Result<ScriptOutline> outline = services.scripts->check(source);
    if (!outline)
        return Error{outline.error().code, outline.error().toString(), "source"};
    return std::shared_ptr<const Policy>(
        std::make_shared<Javascript>(*services.scripts, std::move(source), *outline, timeout));
}

} // namespace

const PolicyType kJavascript{
    .name = "javascript",
    .title = "JavaScript",
    .summary =
        "Judges requests, texts and tool calls by functions in JavaScript, in a process that can do nothing else.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "JavaScript",
  "type": "object",
  "properties": {
    "source": {
      "title": "Script",
      "description": "Functions onRequest(request), onText(block), onToolCall(call), onEnd(end); each returns a verdict, such as luthien.allow() or luthien.block('why').",
      "type": "string",
      "format": "javascript",
      "default": "function onToolCall(call) {\n    return luthien.allow();\n}\n"
    },
    "timeout": {
      "title": "Time for one call",
      "description": "1ms to 5s; then the script's process is killed and the call counts as an error.",
      "type": "string",
      "default": "50ms"
    }
  },
  "required": ["source"],
  "additionalProperties": false
})",
    .make = makeJavascript,
};

} // namespace luthien::policy::builtin
