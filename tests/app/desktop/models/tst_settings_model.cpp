// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/settings_model.h"
#include "runtime/config_keys.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QTemporaryDir>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using runtime::ValueOrigin;

namespace {
/// The settings of a program as they really are, in a file of their own.
class FileSettings final : public SettingSource
{
public:
    explicit FileSettings(const runtime::Config& config, const std::filesystem::path& file)
        : m_settings(config, file)
    {
    }

    [[nodiscard]] std::vector<runtime::SettingState> settings() const override { return m_settings.states(); }
    [[nodiscard]] Result<runtime::SettingSaved> save(std::string_view key,
                                                     const std::optional<std::string>& value) override
    {
        return m_settings.save(key, value);
    }
    [[nodiscard]] std::vector<runtime::UpstreamConfig> upstreams() const override { return {}; }

private:
    runtime::LiveSettings m_settings;
};
} // namespace

class TestSettingsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        runtime::Config config = runtime::defaultConfig(runtime::Program::Desktop);
        config.valueSources["limits.connect"] = {ValueOrigin::File, "config.yaml:7"};
        config.valueSources["telemetry.logs"] = {ValueOrigin::Environment, "LUTHIEN_TELEMETRY__LOGS"};
        m_source = std::make_unique<FileSettings>(config, m_directory->filePath(u"settings.yaml"_s).toStdString());
        m_model = std::make_unique<SettingsModel>(*m_source);
    }

    void everySettingIsThereWithWords()
    {
        const QAbstractItemModelTester tester(m_model.get());
        QCOMPARE(static_cast<std::size_t>(m_model->rowCount()), runtime::configKeys().size());
        for (const runtime::ConfigKey& key : runtime::configKeys()) {
            const QString name = QString::fromStdString(key.path);
            QVERIFY2(at(name, SettingsModel::TitleRole).toString() != name, qPrintable(name + u" has no title"_s));
        }
    }

    void whatIsTypedIsCheckedAndKeptOnlyWhenAsked()
    {
        const int row = rowOf(u"limits.idle"_s);
        const QString before = at(u"limits.idle"_s, SettingsModel::ValueRole).toString();
        m_model->type(row, u"soon"_s);
        QVERIFY(!at(u"limits.idle"_s, SettingsModel::ProblemRole).toString().isEmpty());
        QVERIFY(!m_model->save(row));
        m_model->type(row, u"90s"_s);
        QCOMPARE(at(u"limits.idle"_s, SettingsModel::ProblemRole).toString(), QString());
        QVERIFY(at(u"limits.idle"_s, SettingsModel::ChangedRole).toBool());
        QVERIFY(!at(u"limits.idle"_s, SettingsModel::StoredRole).toBool());
        QVERIFY(m_model->save(row));
        QVERIFY(at(u"limits.idle"_s, SettingsModel::StoredRole).toBool());
        QVERIFY(!at(u"limits.idle"_s, SettingsModel::ChangedRole).toBool());
        QCOMPARE(at(u"limits.idle"_s, SettingsModel::SourceRole).toString(), u"Made here"_s);
        m_model->takeBack(row);
        QCOMPARE(at(u"limits.idle"_s, SettingsModel::ValueRole).toString(), before);
        QCOMPARE(at(u"limits.idle"_s, SettingsModel::SourceRole).toString(), u"Default"_s);
    }

    void aStrongerSourceIsNamedAndNotWrittenOver()
    {
        QCOMPARE(at(u"limits.connect"_s, SettingsModel::SourceRole).toString(), u"config.yaml:7"_s);
        QVERIFY(at(u"telemetry.logs"_s, SettingsModel::SourceRole).toString().contains(u"LUTHIEN_TELEMETRY__LOGS"_s));
        QVERIFY(!at(u"limits.connect"_s, SettingsModel::EditableRole).toBool());
        const int row = rowOf(u"limits.connect"_s);
        m_model->type(row, u"1s"_s);
        QVERIFY(!at(u"limits.connect"_s, SettingsModel::ChangedRole).toBool());
    }

    void whatNeedsARestartSaysSo()
    {
        const int row = rowOf(u"listen"_s);
        m_model->type(row, u"127.0.0.1:4321"_s);
        QVERIFY(m_model->save(row));
        QVERIFY(at(u"listen"_s, SettingsModel::NoteRole).toString().contains(u"127.0.0.1:4000"_s));
        QCOMPARE(m_model->valueOf(u"listen"_s), u"127.0.0.1:4321"_s);
    }

    void whatTheProgramCouldNotStartWithIsRefusedInWords()
    {
        const int row = rowOf(u"listen"_s);
        m_model->type(row, u"0.0.0.0:4000"_s);
        QVERIFY(!m_model->save(row));
        QVERIFY(!at(u"listen"_s, SettingsModel::ProblemRole).toString().isEmpty());
        m_model->forget(row);
        QCOMPARE(m_model->valueOf(u"listen"_s), u"127.0.0.1:4000"_s);
    }

private:
    [[nodiscard]] int rowOf(const QString& key) const
    {
        for (int row = 0; row < m_model->rowCount(); ++row)
            if (m_model->index(row).data(SettingsModel::KeyRole).toString() == key)
                return row;
        return -1;
    }
    [[nodiscard]] QVariant at(const QString& key, int role) const { return m_model->index(rowOf(key)).data(role); }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<FileSettings> m_source;
    std::unique_ptr<SettingsModel> m_model;
};

LUTHIEN_TEST(tst_settings_model, TestSettingsModel)
#include "tst_settings_model.moc"
