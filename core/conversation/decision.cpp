// SPDX-License-Identifier: Apache-2.0
#include "conversation/decision.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace luthien::conversation {

namespace {
constexpr std::array<std::string_view, 4> kVerdicts = {"continue", "replace", "block", "hold"};
constexpr std::array<std::string_view, 3> kModes = {"off", "shadow", "enforce"};
constexpr std::array<std::string_view, 4> kAnswerers = {"policy", "person", "timeout", "error"};

template <typename Value, std::size_t N>
std::optional<Value> fromName(const std::array<std::string_view, N>& names, std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Value>(found - names.begin());
}
} // namespace

std::string_view verdictName(Verdict verdict) noexcept
{
    return kVerdicts[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> verdictFromName(std::string_view name) noexcept
{
    return fromName<Verdict>(kVerdicts, name);
}

std::string_view policyModeName(PolicyMode mode) noexcept
{
    return kModes[static_cast<std::size_t>(mode)];
}

std::optional<PolicyMode> policyModeFromName(std::string_view name) noexcept
{
    return fromName<PolicyMode>(kModes, name);
}

std::string_view answeredByName(AnsweredBy who) noexcept
{
    return kAnswerers[static_cast<std::size_t>(who)];
}

std::optional<AnsweredBy> answeredByFromName(std::string_view name) noexcept
{
    return fromName<AnsweredBy>(kAnswerers, name);
}

} // namespace luthien::conversation
