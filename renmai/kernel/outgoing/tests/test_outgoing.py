"""Where requests of ours may go, and where not."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from renmai.config.env import env
from renmai.kernel.outgoing import NoAnswer, Trouble, is_outside, post


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://224.0.0.1/",
        "https://0/",
        "https://2130706433/",
        "http://1.1.1.1/",
        "https://user:password@1.1.1.1/",
        "ftp://1.1.1.1/",
        "https://1.1.1.1:99999/",
        "https://",
        "//1.1.1.1/",
    ],
)
def test_an_address_inside_or_in_the_open_is_refused(address: str) -> None:
    assert not is_outside(address)
    with pytest.raises(NoAnswer) as problem:
        post(address, b"{}", {})
    assert problem.value.trouble == Trouble.CLOSED


@pytest.mark.parametrize("address", ["https://1.1.1.1/in", "https://[2606:4700:4700::1111]:8443/"])
def test_the_open_internet_is_not(address: str) -> None:
    assert is_outside(address)


def test_the_operator_opens_a_network_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(env.__dict__, "open_networks", [ip_network("10.1.0.0/16")])
    assert is_outside("http://10.1.2.3:8080/in")
    assert not is_outside("http://10.2.2.3/in")
