// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/stream_form.h"
#include "protocol/reply_editor.h"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// One event of a stream on its way to the client: as it came, changed, or made by us. In a list, made ones are the
/// element alone: what stands between elements is for whoever knows which one leaves first.
class EditedEvent
{
public:
    using Form = conversation::StreamForm;

    /// As it came. Where its bytes are not in the plain form that every client reads alike (an optional "event:" line,
    /// one "data:" line, LF or CR LF), it will leave in that form; what carries no data and is no comment will not
    /// leave at all.
    [[nodiscard]] static EditedEvent received(const ReplyEvent& event, Form form = Form::EventStream);
    [[nodiscard]] static EditedEvent made(std::string_view type, std::string_view data, Form form = Form::EventStream);

    /// data: JSON without line breaks.
    void change(std::string_view type, std::string_view data);
    /// It will not leave; what came is counted as lost.
    void drop();

    [[nodiscard]] std::string_view type() const { return view(m_type); }
    [[nodiscard]] std::string_view data() const { return view(m_data); }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_wire.size(); }
    void write(EditedReply& out) const;

private:
    struct Place
    {
        std::size_t at = 0;
        std::size_t size = 0;
    };
    struct PlainForm
    {
        Place type;
        Place data;
    };
    [[nodiscard]] static std::optional<PlainForm> plainForm(std::string_view bytes);
    [[nodiscard]] std::string_view view(Place place) const
    {
        return std::string_view(m_wire).substr(place.at, place.size);
    }

    static EditedEvent receivedJson(const ReplyEvent& event, Form form);

    Form m_form = Form::EventStream;
    std::string m_wire; ///< what leaves; empty = nothing
    Place m_type;
    Place m_data;
    std::size_t m_received = 0;
    bool m_isAsItCame = false;
    bool m_hasData = true;
};

/// The JSON text with another value for one member, everything else byte for byte: numbers and unknown members
/// survive. Nothing if there is no such member.
[[nodiscard]] std::optional<std::string> withMember(std::string_view text, std::initializer_list<std::string_view> path,
                                                    std::string_view value);

} // namespace luthien::protocol
