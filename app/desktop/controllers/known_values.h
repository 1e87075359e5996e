// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_hub.h"
#include "store/rows.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// Values that a filter may ask for, as far as they came by: models, clients, tools, policies. Thread: one at a time.
class KnownValues
{
public:
    static constexpr std::size_t kMostOfOne = 300; ///< values of a predicate; what comes beyond is left out
    static constexpr std::size_t kMostBytes = 128; ///< of a value

    void add(std::string_view predicate, std::string_view value);
    void learn(const store::SessionRow& session);
    void learn(const live::LiveBatch& batch);
    void learn(const conversation::Decision& decision);

    /// In order; at most limit. Case does not matter.
    [[nodiscard]] std::vector<std::string> beginningWith(std::string_view predicate, std::string_view typed,
                                                         std::size_t limit) const;

private:
    std::map<std::string, std::set<std::string>, std::less<>> m_values; ///< by predicate
};

} // namespace luthien::desktop
