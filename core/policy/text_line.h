// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy_worker.h"
#include "policy/text_change.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// One block of text on its way through the policies: the enforcing ones in order, each getting what the one before
/// let go; shadows beside them, getting what came. Thread: the call's worker.
class TextLine
{
public:
    /// block = unique among all replies of the call.
    TextLine(std::deque<PolicyWorker>& workers, std::uint32_t choice, std::uint32_t block);

    /// Appends to out what may leave.
    void text(std::string_view part, std::string& out);
    /// The text is complete. False = some enforcing policy holds: to be asked again.
    [[nodiscard]] bool end(std::string& out);
    /// Goes on with the shadows that hold.
    void askShadows();
    /// True once nobody will be asked about it any more.
    [[nodiscard]] bool isDone() const;
    void withdraw();

private:
    /// One policy of the line.
    struct Station
    {
        PolicyWorker* worker = nullptr;
        bool isDone = false;
        TextChange change{kMaxRecordedBytes};
        Question question;

        [[nodiscard]] bool decides() const noexcept { return worker->enforces(); }
    };

    void change(Station& station, std::string_view part, std::string& out);
    /// False = it holds.
    bool finish(Station& station, std::string& out);
    void record(Station& station, const Judgement& judgement);

    std::vector<Station> m_stations;
    std::uint32_t m_choice;
    std::uint32_t m_block;
    bool m_isEnding = false;
    std::string m_notice; ///< of the first enforcing policy that blocked
};

} // namespace luthien::policy
