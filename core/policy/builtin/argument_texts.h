// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"
#include "policy/builtin/argument_reading.h"
#include "policy/policy.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy::builtin {

/// A string of a tool's arguments, or a command whose words are several of them.
struct ArgumentText
{
    /// A string that text is made of: positions in text count from base.
    struct Part
    {
        std::string pointer;
        std::size_t base = 0;
        std::size_t bytes = 0;
    };

    guard::MappedText text;
    ArgumentReading reading;
    std::vector<Part> parts; ///< at least one, by base
    bool isNested = false;   ///< text stood in JSON inside the part: positions say nothing

    /// Where a span of text lies.
    [[nodiscard]] conversation::Match locate(guard::TextSpan span) const;
};

/// Finds every string in a call's arguments, at any depth, JSON inside strings included, and says how each could be
/// meant. Names of members are not read. Thread: one at a time.
class ArgumentTexts
{
public:
    static constexpr std::size_t kMaxTexts = 20'000;
    static constexpr std::size_t kMaxBytes = 1024UL * 1024;
    using Take = std::function<void(const ArgumentText&)>;

    /// take is called for each text, in the order of the arguments.
    explicit ArgumentTexts(Take take)
        : m_take(std::move(take))
    {
    }

    /// False if there is more than is read.
    [[nodiscard]] bool read(const JudgedCall& call);

private:
    struct Place
    {
        std::string pointer;
        MemberNature nature;
        bool goesNowhere = false; ///< goes into a file that nobody runs
        int nesting = 0;          ///< JSON in strings in JSON
        std::size_t outerBytes = 0;
    };

    void readValue(const boost::json::value& value, const Place& place);
    void readObject(const boost::json::object& object, const Place& place);
    void readArray(const boost::json::array& array, const Place& place);
    void readString(std::string_view text, const Place& place);
    void readPatch(std::string_view text, const Place& place);
    void readNested(std::string_view text, const Place& place);
    void readCommand(std::span<const ArgumentText::Part> parts, std::span<const std::string_view> words,
                     const Place& place);
    void readProgramAndArguments(const boost::json::object& object, const Place& place);
    [[nodiscard]] bool isPassedOver(const Place& place) const;
    [[nodiscard]] bool spend(std::size_t bytes);

    Take m_take;
    ToolNature m_tool;
    std::size_t m_texts = 0;
    std::size_t m_bytes = 0;
    bool m_isOver = false;
};

} // namespace luthien::policy::builtin
