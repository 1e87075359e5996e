// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/policy_desk.h"
#include "runtime/policies.h"

#include <QObject>

#include <mutex>
#include <optional>
#include <string>

namespace luthien::runtime {

/// The policies as the control port sees and sets them. Thread: made and destroyed by main, with no question under
/// way; what PolicyDesk declares may be called from any.
class PolicyControl final : public QObject, public control::PolicyDesk
{
public:
    /// policies outlives this object.
    explicit PolicyControl(Policies& policies);

    [[nodiscard]] control::PolicySet list() const override;
    void setMode(std::string id, policy::PolicyMode mode, SetModeDone done) override;
    void setModeOfFile(std::string id, SetModeDone done) override;
    void apply(control::PolicyChange change, ApplyDone done) override;

private:
    [[nodiscard]] control::PolicySet known() const;
    void refresh();
    void change(std::string id, std::optional<policy::PolicyMode> mode, SetModeDone done);

    Policies& m_policies;
    mutable std::mutex m_mutex;
    control::PolicySet m_set;
};

} // namespace luthien::runtime
