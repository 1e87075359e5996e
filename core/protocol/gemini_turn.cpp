// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/reply_turn.h"

#include <algorithm>
#include <map>
#include <utility>

namespace luthien::protocol {

namespace {

/// One of the alternative replies: its parts as they came, texts that only go on joined.
struct Candidate
{
    std::vector<std::string> parts; ///< JSON
    std::string text;               ///< of the last parts, as long as they are nothing but text
    bool isFinished = false;

    void closeText()
    {
        if (!text.empty())
            parts.push_back(R"({"text":)" + jsonString(std::exchange(text, {})) + '}');
    }
};

bool isPlainText(JsonNode part)
{
    for (const JsonNode member : part) {
        if (member.key() != "text" || !member.isString())
            return false;
    }
    return part["text"].isString();
}

class GeminiTurn final : public JsonTurn
{
protected:
    Result<void> read(JsonNode root) override;
    bool isComplete() const override
    {
        return !m_candidates.empty() &&
               std::ranges::all_of(m_candidates, [](const auto& candidate) { return candidate.second.isFinished; });
    }
    Result<std::string> write(JsonNode request, std::string_view body, OutputTexts outputs) const override;

private:
    static Result<void> readPart(JsonNode part, Candidate& candidate);

    std::map<std::string, Candidate> m_candidates; ///< by index, as JSON
};

Result<void> GeminiTurn::read(JsonNode root)
{
    if (root["error"])
        return cannotSayAgain("it is an error");
    // Code Assist wraps replies as it does requests.
    const JsonNode reply = root["response"] && !root["candidates"] ? root["response"] : root;
    for (const JsonNode candidate : reply["candidates"]) {
        Candidate& kept = m_candidates[candidate["index"] ? std::string(candidate["index"].json()) : "0"];
        for (const JsonNode part : candidate["content"]["parts"]) {
            if (Result<void> done = readPart(part, kept); !done)
                return done;
        }
        if (!candidate["finishReason"].text().empty()) {
            kept.closeText();
            kept.isFinished = true;
        }
    }
    return {};
}

Result<void> GeminiTurn::readPart(JsonNode part, Candidate& candidate)
{
    const JsonNode call = part["functionCall"];
    if (call["willContinue"] || call["partialArgs"] || (call.isObject() && call.isEmpty()))
        return cannotSayAgain("arguments come in pieces");
    if (isPlainText(part)) {
        candidate.text += part["text"].text();
        return {};
    }
    candidate.closeText();
    candidate.parts.emplace_back(part.json());
    return {};
}

std::string functionResponse(JsonNode call, OutputTexts& outputs)
{
    std::vector<std::pair<std::string_view, std::string>> members;
    if (call["id"])
        members.emplace_back("id", call["id"].json());
    members.emplace_back("name", call["name"].json());
    members.emplace_back("response",
                         R"({"error":)" + jsonString(outputs.of(call["id"].text(), call["name"].text())) + '}');
    return R"({"functionResponse":)" + jsonObject(members) + '}';
}

Result<std::string> withContents(std::string_view body, JsonNode root, const std::vector<std::string>& contents)
{
    const JsonNode request = root["request"] && !root["contents"] ? root["request"] : root;
    const JsonNode list = request["contents"];
    if (list.isObject()) // stands for a list of one
        return spliced(body, {inPlaceOf(list, '[' + std::string(list.json()) + ',' + joinedJson(contents) + ']')});
    return withMessages(body, list, contents);
}

Result<std::string> GeminiTurn::write(JsonNode request, std::string_view body, OutputTexts outputs) const
{
    // Of alternative replies a request can hold one: the first that asks for something.
    for (const auto& [index, candidate] : m_candidates) {
        std::vector<std::string> results;
        for (const std::string& json : candidate.parts) {
            const auto tree = JsonTree::read(json);
            if (!tree)
                return tree.error();
            const JsonNode part = (*tree)->root();
            if (part["functionCall"].isObject())
                results.push_back(functionResponse(part["functionCall"], outputs));
        }
        if (!results.empty())
            return withContents(body, request,
                                {R"({"role":"model","parts":[)" + joinedJson(candidate.parts) + "]}",
                                 R"({"role":"user","parts":[)" + joinedJson(results) + "]}"});
    }
    return cannotSayAgain("it calls no tool of the client's");
}

} // namespace

std::unique_ptr<ReplyTurn> makeGeminiTurn()
{
    return std::make_unique<GeminiTurn>();
}

} // namespace luthien::protocol
