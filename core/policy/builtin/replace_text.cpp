// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/replace_text.h"

#include "policy/builtin/text_stages.h"
#include "policy/object_reader.h"

#include <array>
#include <map>
#include <utility>

namespace luthien::policy::builtin {

namespace {

namespace json = boost::json;

using conversation::PartKind;
using conversation::RequestPart;

constexpr std::array<std::string_view, 3> kSides{"request", "response", "both"};
enum class Side : std::uint8_t { Request, Response, Both };
constexpr std::size_t kMaxReplacements = 100;
/// Beyond this and what came in, a text that replacements made is not let out.
constexpr std::size_t kMaxGrowthBytes = 8UL * 1024 * 1024;

/// A text on its way through all replacements, one after the other.
class StagedText
{
public:
    explicit StagedText(const std::vector<Replacement>& replacements)
    {
        for (const Replacement& replacement : replacements)
            m_stages.push_back(makeTextStage(replacement));
    }

    void add(std::string_view part, std::string& out)
    {
        m_in += part.size();
        run(0, std::string(part), out);
    }
    /// Errors: TooLarge.
    [[nodiscard]] Result<void> end(std::string& out)
    {
        for (std::size_t i = 0; i < m_stages.size() && !m_isOver; ++i) {
            std::string rest;
            m_stages[i]->end(rest);
            run(i + 1, std::move(rest), out);
        }
        if (m_isOver)
            return Error{ErrorCode::TooLarge, "The replacements make the text too long.", {}};
        return {};
    }

private:
    void run(std::size_t stage, std::string text, std::string& out)
    {
        for (; stage < m_stages.size() && !m_isOver; ++stage) {
            std::string next;
            m_stages[stage]->add(text, next);
            text = std::move(next);
            m_isOver = text.size() > m_in + kMaxGrowthBytes;
        }
        m_out += text.size();
        m_isOver = m_isOver || m_out > m_in + kMaxGrowthBytes;
        if (!m_isOver)
            out += text;
    }

    std::vector<std::unique_ptr<TextStage>> m_stages;
    std::size_t m_in = 0;
    std::size_t m_out = 0;
    bool m_isOver = false;
};

class ReplaceTextCall final : public PolicyCall
{
public:
    explicit ReplaceTextCall(const std::vector<Replacement>& replacements)
        : m_replacements(replacements)
    {
    }

    /// As its model in luthien: what people, the model and tools said, not what the system is told.
    [[nodiscard]] Result<PolicyVerdict> request(std::span<const RequestPart> parts) override
    {
        PolicyVerdict verdict;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i].kind == PartKind::System)
                continue;
            StagedText text(m_replacements);
            std::string changed;
            text.add(parts[i].text, changed);
            if (const Result<void> ended = text.end(changed); !ended)
                return ended.error();
            if (changed != parts[i].text)
                verdict.changes.push_back({i, std::move(changed)});
        }
        if (!verdict.changes.empty())
            verdict.verdict = conversation::Verdict::Replace;
        return verdict;
    }

    void text(std::uint32_t choice, std::uint32_t block, std::string_view part, std::string& out) override
    {
        m_texts.try_emplace({choice, block}, m_replacements).first->second.add(part, out);
    }
    [[nodiscard]] Result<PolicyVerdict> textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        auto text = m_texts.extract({choice, block});
        if (!text)
            return PolicyVerdict{};
        if (const Result<void> ended = text.mapped().end(out); !ended)
            return ended.error();
        return PolicyVerdict{};
    }

private:
    const std::vector<Replacement>& m_replacements;
    std::map<std::pair<std::uint32_t, std::uint32_t>, StagedText> m_texts;
};

class ReplaceText final : public Policy
{
public:
    ReplaceText(std::vector<Replacement> replacements, Side side)
        : m_replacements(std::move(replacements))
        , m_side(side)
    {
    }

    [[nodiscard]] Interests interests() const noexcept override
    {
        if (m_replacements.empty())
            return {};
        return {.text = m_side != Side::Request, .request = m_side != Side::Response};
    }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<ReplaceTextCall>(m_replacements);
    }

private:
    std::vector<Replacement> m_replacements;
    Side m_side;
};

Result<Replacement> readReplacement(const json::object& object, std::string place)
{
    ObjectReader reader(object, std::move(place));
    Replacement replacement;
    replacement.from = reader.text("from").value_or(std::string());
    replacement.to = reader.text("to").value_or(std::string());
    if (reader.truth("regex").value_or(false) && !replacement.from.empty()) {
        Result<Pattern> pattern = compileExpression(replacement.from);
        std::string problem;
        if (!pattern)
            reader.reject("from", pattern.error().message);
        else if (!(*pattern)->CheckRewriteString(replacement.to, &problem))
            reader.reject("to", "This refers to a group that the expression does not have: " + problem);
        else
            replacement.expression = std::move(*pattern);
    }
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    return replacement;
}

Result<std::shared_ptr<const Policy>> makeReplaceText(const json::object& config, const Services&)
{
    ObjectReader reader(config);
    const bool anyCase = reader.truth("match_capitalization").value_or(false);
    const auto side = static_cast<Side>(reader.choice("apply_to", kSides).value_or(1));
    const std::vector<const json::object*> objects = reader.objects("replacements");
    if (objects.size() > kMaxReplacements)
        reader.reject("replacements", "There may be 100 of them at most.");
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    std::vector<Replacement> replacements;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        Result<Replacement> replacement = readReplacement(*objects[i], "replacements[" + std::to_string(i) + "]");
        if (!replacement)
            return replacement.error();
        replacement->matchesAnyCase = anyCase && !replacement->expression;
        if (!replacement->from.empty())
            replacements.push_back(std::move(*replacement));
    }
    return std::shared_ptr<const Policy>(std::make_shared<ReplaceText>(std::move(replacements), side));
}

} // namespace

const PolicyType kReplaceText{
    .name = "replace-text",
    .title = "Replace text",
    .summary = "Replaces words in replies, requests or both, one replacement after the other.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Replace text",
  "type": "object",
  "properties": {
    "replacements": {
      "title": "Replacements",
      "description": "Each works on what the one before it left.",
      "type": "array",
      "maxItems": 100,
      "default": [],
      "items": {
        "title": "Replacement",
        "type": "object",
        "properties": {
          "from": {
            "title": "Replace",
            "description": "What is looked for; one that is empty is passed over.",
            "type": "string",
            "maxLength": 4096
          },
          "to": {
            "title": "By",
            "description": "What is written instead; with an expression, \\1 to \\9 stand for its groups.",
            "type": "string",
            "maxLength": 4096,
            "default": ""
          },
          "regex": {
            "title": "Is an expression",
            "description": "An RE2 regular expression; it sees one line at a time, and at most 4096 bytes of it.",
            "type": "boolean",
            "default": false
          }
        },
        "additionalProperties": false
      }
    },
    "match_capitalization": {
      "title": "Match capitalization",
      "description": "Finds words in any case and writes the new ones in the same: UPPER, lower, Title, or letter by letter. Expressions are not affected.",
      "type": "boolean",
      "default": false
    },
    "apply_to": {
      "title": "Apply to",
      "description": "In requests: what people, the model and tools said, in all messages.",
      "type": "string",
      "enum": ["request", "response", "both"],
      "default": "response"
    }
  },
  "additionalProperties": false
})",
    .make = makeReplaceText,
};

} // namespace luthien::policy::builtin
