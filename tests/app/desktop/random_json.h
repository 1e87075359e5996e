// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRandomGenerator>

#include <string>

namespace luthien::test {

/// JSON as different programs write it: with and without blanks, with escapes, with members of the same name.
class RandomJson
{
public:
    explicit RandomJson(quint32 seed)
        : m_random(seed)
    {
    }

    std::string value(int depth = 4)
    {
        switch (below(depth > 0 ? 8 : 5)) {
        case 0:
            return "null";
        case 1:
            return below(2) == 0 ? "true" : "false";
        case 2:
            return number();
        case 3:
        case 4:
            return string();
        case 5:
        case 6:
            return members(depth, '{', '}');
        default:
            return members(depth, '[', ']');
        }
    }

    std::string object() { return members(4, '{', '}'); }
    unsigned below(unsigned limit) { return m_random.bounded(limit); }

private:
    std::string blanks()
    {
        const char* const kinds[] = {"", "", "", " ", "\n  ", "\t"};
        return kinds[below(6)];
    }

    std::string number()
    {
        const char* const kinds[] = {"0", "-1", "12345678901234567890123", "1.50", "-0.0", "1e9", "2E-7"};
        return kinds[below(7)];
    }

    std::string string()
    {
        const char* const pieces[] = {
            "a",       "key", "~/", "\\n", "\\\"", "\\\\", "\\u00e9",     "é",       "{", "]", "\\ud83d\\ude00",
            "\\ud83d", ",",   ":",  "\\/", "\\t",  "😀",   "long words ", "\\u202e", "x", " "};
        std::string text = "\"";
        for (unsigned left = below(8) == 0 ? below(900) : below(6); left > 0; --left)
            text += pieces[below(21)];
        return text + '"';
    }

    std::string members(int depth, char open, char close)
    {
        std::string text(1, open);
        const unsigned count = below(6) == 0 ? below(200) : below(5);
        for (unsigned index = 0; index < count; ++index) {
            text += (index > 0 ? "," : "") + blanks();
            if (open == '{')
                text += string() + blanks() + ":" + blanks();
            text += value(count > 20 ? 0 : depth - 1) + blanks();
        }
        return text + blanks() + close;
    }

    QRandomGenerator m_random;
};

} // namespace luthien::test
