// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/call_timing.h"

#include "desktop/models/chain_steps.h"

#include <QLocale>

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using std::chrono::microseconds;

namespace {
/// How long it took to reach the upstream; nothing = a connection was there already, or it was not recorded.
std::optional<microseconds> connectOf(const CallDetail& detail)
{
    boost::system::error_code failed;
    const boost::json::value head = boost::json::parse(detail.responseHead, failed);
    const boost::json::object* const object = failed ? nullptr : head.if_object();
    const boost::json::value* const value = object != nullptr ? object->if_contains("connect_us") : nullptr;
    return value != nullptr && value->is_int64() ? std::optional(microseconds(value->get_int64())) : std::nullopt;
}

QString speedText(const store::CallRow& call)
{
    if (!call.usage.output || !call.firstTokenAt || !call.endedAt)
        return {};
    const auto streamed = *call.endedAt - *call.firstTokenAt - call.heldByPerson;
    if (streamed < std::chrono::milliseconds(1))
        return {};
    const double perSecond = static_cast<double>(*call.usage.output) * 1e6 / static_cast<double>(streamed.count());
    return CallTiming::tr("%1 tokens/s").arg(QLocale().toString(perSecond, 'f', perSecond < 10 ? 1 : 0));
}
} // namespace

void CallTiming::show(const CallDetail& detail)
{
    const store::CallRow& call = detail.call;
    beginResetModel();
    m_phases.clear();
    m_length = call.endedAt ? *call.endedAt - call.startedAt : microseconds(0);
    microseconds done{};
    const auto until = [&](const QString& label, std::optional<TimePoint> end, Kind kind) {
        if (!end || *end - call.startedAt < done)
            return;
        const microseconds reached = *end - call.startedAt;
        m_phases.push_back({.label = label, .begin = done, .length = reached - done, .kind = kind});
        done = reached;
    };
    if (const auto connect = connectOf(detail))
        m_phases.push_back({.label = tr("Connect, within the wait"), .length = *connect});
    until(tr("Wait for the first byte"), call.firstByteAt, Waiting);
    until(tr("First byte to first token"), call.firstTokenAt, Waiting);
    until(call.firstTokenAt ? tr("First token to the end") : tr("First byte to the end"), call.endedAt, Model);
    m_phases.push_back({.label = tr("Held by policies, in all"), .length = call.heldByPolicy, .kind = Held});
    m_phases.push_back({.label = tr("Held by a person, in all"), .length = call.heldByPerson, .kind = Held});
    m_total = call.endedAt ? latencyText(m_length) : QString();
    m_speed = speedText(call);
    endResetModel();
    Q_EMIT changed();
}

int CallTiming::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_phases.size());
}

QVariant CallTiming::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Phase& phase = m_phases[static_cast<std::size_t>(index.row())];
    const auto share = [this](microseconds part) {
        const double whole = static_cast<double>(std::max<microseconds::rep>(1, m_length.count()));
        return std::clamp(static_cast<double>(part.count()) / whole, 0.0, 1.0);
    };
    switch (static_cast<Role>(role)) {
    case LabelRole:
        return phase.label;
    case TextRole:
        return latencyText(phase.length);
    case BeginRole:
        return share(phase.begin);
    case ShareRole:
        return share(phase.length);
    case KindRole:
        return static_cast<int>(phase.kind);
    }
    return {};
}

QHash<int, QByteArray> CallTiming::roleNames() const
{
    return {{LabelRole, "label"}, {TextRole, "time"}, {BeginRole, "begin"}, {ShareRole, "share"}, {KindRole, "kind"}};
}

} // namespace luthien::desktop
