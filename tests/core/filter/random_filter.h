// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/predicate.h"

#include <random>
#include <string>
#include <vector>

namespace luthien::test {

/// Writes filters at random, the same ones for the same seed: every predicate with every operator it takes, with
/// values that are near those of sampleCall().
class RandomFilter
{
public:
    explicit RandomFilter(std::uint32_t seed)
        : m_random(seed)
    {
    }

    std::string next(int depth = 3)
    {
        switch (depth == 0 ? 0 : below(6)) {
        case 1:
            return next(depth - 1) + (below(2) == 0 ? " " : " and ") + next(depth - 1);
        case 2:
            return '(' + next(depth - 1) + " or " + next(depth - 1) + ')';
        case 3:
            return (below(2) == 0 ? "-(" : "not (") + next(depth - 1) + ')';
        case 4:
            return '(' + next(depth - 1) + ") " + term() + ' ' + term();
        default:
            return term();
        }
    }

private:
    std::size_t below(std::size_t count) { return m_random() % count; }
    std::string one(const std::vector<std::string>& of) { return of[below(of.size())]; }

    std::string term()
    {
        using filter::ValueKind;
        const filter::Predicate& predicate = filter::predicates()[below(filter::predicates().size())];
        const std::string name(predicate.name);
        switch (predicate.kind) {
        case ValueKind::Label:
        case ValueKind::Name:
            return name + text();
        case ValueKind::Argument:
            return (name == "arg" ? one({"arg", "arg.command", "arg.tags.0.n", "arg.\"/a b\""}) : name) + text();
        case ValueKind::Uuid:
            return name + one({":", "=", "!="}) +
                   one({"0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a69", "0190a4c2-7d5e-7b1c-9b1e-000000000001"});
        case ValueKind::Choice:
        case ValueKind::Flag: {
            const auto words = filter::fixedValues(predicate);
            return name + (predicate.kind == ValueKind::Flag ? ":" : one({":", "=", "!="})) +
                   std::string(words[below(words.size())]);
        }
        case ValueKind::Quantity:
            return name + comparison() + quantity(predicate.unit);
        case ValueKind::Score:
            return name + comparison() + one({"0", "0.25", "0.75", "1e-3", "-1"});
        case ValueKind::Time:
            return name + ":" + one({"2h", "119m", "today", "yesterday", "2026-11-22", "2026-11-22T10:00", "0", "1w"});
        case ValueKind::Text:
            return below(3) == 0 ? name + "~" + pattern() : name + ":" + words();
        }
        return words();
    }

    std::string comparison() { return one({":", "=", "!=", "<", "<=", ">", ">=", " > "}); }
    std::string quantity(filter::Unit unit)
    {
        using filter::Unit;
        const std::string number = one({"0", "1", "2", "7", "12", "200", "300", "0.5", "1.5"});
        switch (unit) {
        case Unit::Duration:
            return number + one({"ms", "s", "m", "h"});
        case Unit::Bytes:
            return number + one({"kB", "KiB", "MiB"});
        case Unit::Money:
            return (below(2) == 0 ? "$" : "") + number;
        case Unit::Count:
            break;
        }
        return number + (number.find('.') == std::string::npos ? one({"", "k"}) : "k");
    }
    std::string text()
    {
        const std::string value =
            one({"claude*",        "CLAUDE-code", "*",       "?*",      "main",     "sql",  "style", "\"\"",  "Bash",
                 "bash",           "ls",          "*rm*",    "\"x y\"", "/command", "100%", "a_b",   "a[b]*", "it's!",
                 "\"a\\\"b\\\\\"", "Größe?",      "agent-_", "post",    "*_?"});
        return below(4) == 0 ? "~" + pattern() : one({":", ":", "=", "!="}) + value;
    }
    std::string pattern()
    {
        return one({"/rm .*-rf/", "/^claude/i", "/a\\/b/", "\"x y\"", "l+s?", "/(?i)DROP/", "/[\\/]$/"});
    }
    std::string words()
    {
        return one(
            {"drop", "\"drop table\"", "table*", "Größe", "\"or\"", "users now", "DROP", "\"permission denied\""});
    }

    std::mt19937 m_random;
};

} // namespace luthien::test
