// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/reply_editor.h"

#include <string_view>

namespace luthien::protocol {

/// Between an editor and what the client gets of a JSON list: sees to it that the first element that leaves follows the
/// bracket and every other one a comma. What needs no other separator leaves as it came. Thread: one at a time.
class ListReply final : public EditedReply
{
public:
    /// Where the next ones go.
    [[nodiscard]] ListReply& to(EditedReply& out)
    {
        m_out = &out;
        return *this;
    }

    void keep(const ReplyEvent& event) override;
    void put(std::string_view type, std::string_view data, std::string_view bytes) override;
    void lose(std::size_t bytes) override { m_out->lose(bytes); }

private:
    void keepClosing(const ReplyEvent& event, bool opens);

    EditedReply* m_out = nullptr;
    bool m_hasBegun = false;
};

} // namespace luthien::protocol
