"""The server's settings, as far as something here depends on them."""

from collections.abc import Callable
from dataclasses import dataclass

from quell_providers.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting and what it is on a fresh server."""

    name: str
    default: bool | int | str
    is_public: bool = True


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("API_Allow_Infinite_Count", True, is_public=False),
        Setting("API_Default_Count", 50, is_public=False),
        Setting("API_Enable_Rate_Limiter", True, is_public=False),
        Setting("API_Enable_Rate_Limiter_Limit_Calls_Default", 10, is_public=False),
        Setting("API_Enable_Rate_Limiter_Limit_Time_Default", 60_000, is_public=False),
        Setting("API_Upper_Count_Limit", 100, is_public=False),
        Setting("Accounts_LoginExpiration", 90),
        Setting("Accounts_TwoFactorAuthentication_Enabled", True),
        Setting("Accounts_TwoFactorAuthentication_Max_Invalid_Email_OTP_Attempts", 5, is_public=False),
        Setting("Message_AllowDeleting", True),
        Setting("Message_AllowDeleting_BlockDeleteInMinutes", 0),
        Setting("Message_AllowEditing", True),
        Setting("Message_AllowEditing_BlockEditInMinutes", 0),
        Setting("Message_KeepHistory", False),
        Setting("Message_MaxAllowedSize", 5000),
        Setting("Message_ShowDeletedStatus", False),
        Setting("Threads_enabled", True),
        Setting("UI_DisplayRoles", True),
    )
}


class Settings:
    """The values as they are now; they live in the world, where anybody may change them at any time.

    Args:
        world: Whose settings; what it lacks gets its default.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._listeners: list[Callable[[Setting], None]] = []
        for setting in SETTINGS.values():
            world.settings.setdefault(setting.name, setting.default)

    def value(self, name: str) -> object:
        """The value of a setting. Raises `KeyError`."""
        return self._world.settings[name]

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return bool(self._world.settings[name])

    def number(self, name: str) -> float:
        """A number; 0 where the value is none."""
        value = self._world.settings[name]
        return float(value) if isinstance(value, int | float) else 0.0

    def rate_limit(self) -> tuple[int, float]:
        """Calls and seconds that each REST route allows; 0 calls where the limiter is off."""
        if not self.is_on("API_Enable_Rate_Limiter"):
            return 0, 0.0
        calls = self.number("API_Enable_Rate_Limiter_Limit_Calls_Default")
        return int(calls), self.number("API_Enable_Rate_Limiter_Limit_Time_Default") / 1000

    def set_rate_limit(self, calls: int, seconds: float) -> None:
        """Set what each REST route allows; 0 of either means no limit."""
        self._world.settings["API_Enable_Rate_Limiter_Limit_Calls_Default"] = calls
        self._world.settings["API_Enable_Rate_Limiter_Limit_Time_Default"] = seconds * 1000

    def public(self) -> dict[str, object]:
        """Every public setting with its value, by name."""
        known = self._world.settings.items()
        return {name: value for name, value in sorted(known) if name not in SETTINGS or SETTINGS[name].is_public}

    def change(self, name: str, value: object) -> None:
        """Set a value and tell of it. Raises `KeyError` for a setting that there is not."""
        if name not in self._world.settings:
            raise KeyError(f"there is no setting {name!r}")
        self._world.settings[name] = value
        setting = SETTINGS.get(name) or Setting(name, "")
        for listener in tuple(self._listeners):
            listener(setting)

    def listen(self, listener: Callable[[Setting], None]) -> None:
        """Be told of every change made by `change`."""
        self._listeners.append(listener)
